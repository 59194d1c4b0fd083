"""From a file back to the run that made it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lazygui.export.atomic import ExportError
from lazygui.export.provenance import Provenance, read_provenance
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import Entry, entries, entry
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import load, loads, read_text

FIGURES = (".png", ".pdf", ".svg", ".eps", ".pgf")
TABLES = (".csv", ".npz", ".parquet")
FILMS = (".mp4", ".webm", ".gif", ".webp")
ENDINGS = (".toml", *FIGURES, *TABLES, *FILMS, ".zip")
SESSION = "session"
"""The `kind` in the log of a session, which is no scenario but holds several."""
LONGEST_LOG = 20_000_000  # bytes: a day
_SESSION = re.compile(rf"""^[ \t]*kind[ \t]*=[ \t]*["']{SESSION}["']""", re.MULTILINE)


@dataclass(frozen=True)
class Opened:
    """A file and the scenario it leads to; `provenance` is None for a scenario file."""

    path: Path
    scenario: Scenario
    provenance: Provenance | None = None
    is_session: ClassVar[bool] = False

    def demo(self) -> Entry | None:
        """The demo whose run made a figure, table or film, whatever changed on the way."""
        if self.provenance is None:
            return None
        begun = self.scenario.replace(changes=())
        return next((e for e in entries() if begun in (e.scenario, e.full)), None)


def open_run(path: Path) -> Opened:
    """The run behind a scenario file, figure, table, film or folder of results.

    Raises ScenarioError for a scenario that cannot be run, ExportError when a file leads to none.
    """
    if path.suffix.lower() == ".toml":
        if is_session(path):
            raise ExportError(
                f"{path} is the log of a session, not of one run: the window replays it, and "
                "lazygui record makes a film of it."
            )
        return Opened(path, load(path))
    if (path / "scenario.toml").is_file():
        return Opened(path, load(path / "scenario.toml"))
    provenance = read_provenance(path)
    return Opened(path, loads(provenance.scenario, str(path)), provenance)


def is_session(path: Path) -> bool:
    """Whether a TOML file is the log of a session, damaged or not; False for what can't be read."""
    try:
        return path.suffix.lower() == ".toml" and bool(
            _SESSION.search(read_text(path, LONGEST_LOG))
        )
    except ScenarioError:
        return False


def first_run(
    paths: Iterable[Path], read: Callable[[Path], Opened] = open_run
) -> tuple[Opened | None, tuple[str, ...]]:
    """The first file that leads to a run, and a sentence about each of the others.

    `read` opens a file; it raises ScenarioError or ExportError where it can't.
    """
    found: Opened | None = None
    said: list[str] = []
    for path in paths:
        if found is not None:
            said.append(f"{path.name} was not opened: one file at a time.")
            continue
        try:
            found = read(path)
        except (ScenarioError, ExportError) as error:
            said.append(" · ".join(str(error).splitlines()))
    return found, tuple(said)


def is_file_name(name: str) -> bool:
    """Whether a word of the command line names a file and not a demo."""
    path = Path(name)
    # "./quadratic" is the folder, "quadratic" the demo, whatever lies here under its name.
    known = path.suffix.lower() in ENDINGS or "/" in name or os.sep in name
    return known or ("." in name and path.is_file())


def asked_scenario(name: str) -> Scenario:
    """The scenario of a demo, or the one that a file leads to.

    Raises ScenarioError or ExportError.
    """
    return open_run(Path(name)).scenario if is_file_name(name) else entry(name).scenario
