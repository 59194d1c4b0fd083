"""The command line: window, list, run."""

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
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("scenario", help="a name from 'lazygui list' or a TOML file")
    run.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="give a parameter another value; may be repeated",
    )
    run.add_argument("--steps", type=int, help="number of steps")
    run.add_argument("--device", choices=("auto", "cpu", "cuda"), help="where to compute")
    run.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results"
    )
    run.add_argument("--quiet", action="store_true", help="no progress bar, no closing lines")
