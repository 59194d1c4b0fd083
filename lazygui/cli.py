"""The command line: arguments only; everything else is imported when needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from lazygui import __version__

SCENARIO_HELP = "a name from 'lazygui list', a TOML file, or a figure, table or film of a run"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 the run failed, 2 wrong input."""
    parser = _parser()
    words = list(sys.argv[1:] if argv is None else argv)
    if words and _is_file(words[0]):
        words.insert(0, "gui")
    arguments = parser.parse_args(words)
    try:
        return _dispatch(arguments)
    except BrokenPipeError:
        # Whoever read the output, as in `lazygui list | head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _is_file(word: str) -> bool:
    """Whether the first word names a file: commands have neither a dot nor a slash."""
    return not word.startswith("-") and (bool({".", os.sep, "/"} & set(word)))


COMMANDS = {
    "run": ("lazygui.headless", "run_command"),
    "sweep": ("lazygui.headless", "sweep_command"),
    "check": ("lazygui.check", "check_command"),
    "export": ("lazygui.exporting", "export_command"),
    "record": ("lazygui.record_command", "record_command"),
    "gallery": ("lazygui.gallery.command", "gallery_command"),
}
"""Module and function of each command that takes its arguments and returns its exit code."""


def _dispatch(arguments: argparse.Namespace) -> int:
    if arguments.command == "list":
        from lazygui.headless import list_scenarios

        return list_scenarios(sys.stdout)
    if arguments.command in COMMANDS:
        module, name = COMMANDS[arguments.command]
        return int(getattr(import_module(module), name)(arguments))
    # Qt orders the fonts of a PDF by its hashes: with a fixed seed a figure repeats to the byte.
    os.environ.setdefault("QT_HASH_SEED", "0")
    from lazygui.app.application import run_window

    return int(run_window(arguments.scenario))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lazygui",
        description="Lazy training, live: a network beside its linearization.",
        epilog="Without a command the window opens; 'lazygui FILE' opens a scenario in it, or the "
        "run behind a figure, table or film that LazyGUI made.",
    )
    parser.add_argument("--version", action="version", version=f"LazyGUI {__version__}")
    parser.set_defaults(command="gui", scenario=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    gui = commands.add_parser("gui", help="open the window")
    gui.add_argument("scenario", nargs="?", help=SCENARIO_HELP)
    commands.add_parser("list", help="list the scenarios by section of the lecture")
    _add_run(commands.add_parser("run", help="run a scenario without a window"))
    _add_sweep(commands.add_parser("sweep", help="run a scenario for many values of parameters"))
    _add_check(commands.add_parser("check", help="check the claims of the lecture"))
    _add_export(commands.add_parser("export", help="make figures of a run, or write its data"))
    _add_record(commands.add_parser("record", help="make a film of a run or a session"))
    _add_gallery(commands.add_parser("gallery", help="figures and films of all demos, as a page"))
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("ids", nargs="*", metavar="ID", help="D06, D30.doubled, …; all without one")
    check.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="keep the finished runs of sweeps in a folder, and go on from those in it",
    )
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
    run.add_argument("scenario", help=SCENARIO_HELP)
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


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("scenario", help=f"{SCENARIO_HELP}, or a folder of results")
    export.add_argument(
        "--view", action="append", default=[], metavar="NAME",
        help="a view, as loss or outputs; may be repeated; without one the whole stage",
    )  # fmt: skip
    export.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="the figure; its ending chooses: .pdf .svg .pgf .eps .png",
    )  # fmt: skip
    export.add_argument(
        "--size", default="beamer", metavar="SIZE",
        help="128x72mm, 5x3in, 1280x720px, beamer, beamer-half, column, columns or poster",
    )  # fmt: skip
    export.add_argument("--font", type=float, metavar="PT", help="size of the type in points")
    export.add_argument("--background", choices=("light", "dark", "transparent"), help="light")
    export.add_argument("--theme", choices=("light", "dark", "projector"), help="light")
    export.add_argument("--as-seen", action="store_true", help="as in the window, PDF or PNG")
    export.add_argument("--all", type=Path, metavar="DIR", help="every view that suits, one each")
    export.add_argument(
        "--formats", type=_names, default=["pdf"], metavar="A,B", help="of --all; pdf"
    )
    export.add_argument(
        "--data", type=Path, metavar="FILE", help="the numbers: .csv, .long.csv, .npz or .parquet"
    )
    export.add_argument("--quiet", action="store_true", help="no progress bar, no closing lines")


def _add_record(record: argparse.ArgumentParser) -> None:
    record.add_argument(
        "scenario", help="a name from 'lazygui list', a TOML file or the log of a session"
    )
    record.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE",
        help="the ending chooses: .mp4 .webm .gif .webp .pdf; a folder or frame-%%04d.png for PNG",
    )  # fmt: skip
    record.add_argument("--size", type=_size, metavar="WxH", help="in pixels; 1280x720")
    record.add_argument("--fps", type=int, help="frames per second; 30, for GIF and WebP 25")
    record.add_argument("--seconds", type=float, help="length of the film; 10")
    record.add_argument(
        "--steps-per-frame", type=int, metavar="N", help="frame k shows step k·N; all of the run"
    )
    record.add_argument(
        "--pace", choices=("steps", "log"), default="steps", help="log: evenly spaced in log k"
    )
    record.add_argument(
        "--view", action="append", default=[], metavar="NAME",
        help="only this view, as loss or outputs; may be repeated",
    )  # fmt: skip
    record.add_argument("--theme", choices=("light", "dark", "projector"), help="light")
    record.add_argument("--title", metavar="TEXT", help="in place of the demo's title")
    record.add_argument("--caption", metavar="TEXT", help="in place of the demo's claim")
    for name, what in (("title", "title card"), ("formula", "formula"), ("ticker", "ticker")):
        record.add_argument(f"--no-{name}", action="store_true", help=f"without the {what}")
    record.add_argument("--quiet", action="store_true", help="no progress bar, no closing line")
    record.add_argument("--demo", help=argparse.SUPPRESS)
    record.add_argument("--progress", action="store_true", help=argparse.SUPPRESS)
    record.add_argument("--background", action="store_true", help=argparse.SUPPRESS)


def _add_gallery(gallery: argparse.ArgumentParser) -> None:
    gallery.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for index.html and the files"
    )
    gallery.add_argument(
        "--demo", nargs="+", action="extend", default=[], metavar="ID",
        help="only these demos, by their names in 'lazygui list'; all without one",
    )  # fmt: skip
    gallery.add_argument(
        "--formats", type=_names, default=["pdf", "svg", "png"], metavar="A,B",
        help="of the figures; pdf,svg,png",
    )  # fmt: skip
    gallery.add_argument("--seconds", type=float, default=10.0, help="length of each film; 10")
    gallery.add_argument("--no-films", action="store_true", help="figures and data only")
    gallery.add_argument(
        "--size", type=_size, default=(1280, 720), metavar="WxH",
        help="of the films in pixels, and the proportions of the stage; 1280x720",
    )  # fmt: skip
    gallery.add_argument("--fps", type=int, default=30, help="frames per second; 30")
    gallery.add_argument(
        "--theme", choices=("light", "dark", "projector"), default="light", help="light"
    )
    gallery.add_argument("--force", action="store_true", help="make again what is made already")
    gallery.add_argument("--quiet", action="store_true", help="no progress bar, no closing line")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().replace("×", "x").partition("x")
    try:
        return int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no size; write for example 1920x1080"
        ) from None
