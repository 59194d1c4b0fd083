"""The command line: window, list, run, sweep, check."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lazygui import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 the run failed, 2 wrong input."""
    arguments = _parser().parse_args(argv)
    try:
        return _dispatch(arguments)
    except BrokenPipeError:
        # Whoever read the output, as in `lazygui list | head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _dispatch(arguments: argparse.Namespace) -> int:
    if arguments.command == "list":
        from lazygui.headless import list_scenarios

        return list_scenarios(sys.stdout)
    if arguments.command == "run":
        from lazygui.headless import run_command

        return run_command(arguments)
    if arguments.command == "sweep":
        from lazygui.headless import sweep_command

        return sweep_command(arguments)
    if arguments.command == "check":
        from lazygui.check import check_command

        return check_command(arguments)
    from lazygui.app.application import run_window

    return int(run_window(arguments.scenario))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lazygui",
        description="Lazy training, live: a network beside its linearization.",
        epilog="Without a command the window opens. 'lazygui gui SCENARIO' opens a scenario in it.",
    )
    parser.add_argument("--version", action="version", version=f"LazyGUI {__version__}")
    parser.set_defaults(command="gui", scenario=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    gui = commands.add_parser("gui", help="open the window")
    gui.add_argument("scenario", nargs="?", help="a name from 'lazygui list' or a TOML file")
    commands.add_parser("list", help="list the scenarios by section of the lecture")
    _add_run(commands.add_parser("run", help="run a scenario without a window"))
    _add_sweep(commands.add_parser("sweep", help="run a scenario for many values of parameters"))
    _add_check(commands.add_parser("check", help="check the claims of the lecture"))
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("ids", nargs="*", metavar="ID", help="D06, D30.doubled, …; all without one")
    check.add_argument("--json", action="store_true", help="print a list of objects, no table")
    check.add_argument(
        "--quick", action="store_true", help="the demos as they run live, none at the paper's size"
    )


def _add_run(run: argparse.ArgumentParser) -> None:
    _add_common(run)
    run.add_argument("--quiet", action="store_true", help="no progress bar, no closing lines")


def _add_sweep(sweep: argparse.ArgumentParser) -> None:
    sweep.add_argument(
        "--over",
        action="append",
        default=[],
        metavar="NAME=VALUES",
        help="the values of a parameter: scale=1:1e4:log:13, seed=0:9 or width=16,32,64; may be "
        "repeated, the first one moves fastest",
    )
    sweep.add_argument(
        "--metrics", type=_names, metavar="A,B", help="the quantities of most interest"
    )
    _add_common(sweep)
    sweep.add_argument("--quiet", action="store_true", help="no progress bar, no closing lines")
    sweep.add_argument(
        "--force", action="store_true", help="replace the results of another sweep in the folder"
    )


def _names(text: str) -> list[str]:
    return [name for name in text.replace(",", " ").split() if name]


def _add_common(run: argparse.ArgumentParser) -> None:
    run.add_argument("scenario", help="a name from 'lazygui list' or a TOML file")
    run.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="give a parameter another value; may be repeated",
    )
    run.add_argument("--steps", type=int, help="number of steps of a run")
    run.add_argument("--device", choices=("auto", "cpu", "cuda"), help="where to compute")
    run.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results"
    )
