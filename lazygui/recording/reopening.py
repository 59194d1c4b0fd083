"""From a file back to a run, or to the session that it is the log of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lazygui.export.atomic import ExportError
from lazygui.export.opening import Opened, first_run, is_session, open_run
from lazygui.recording.formats import FilmError
from lazygui.recording.script import Script, read_script


@dataclass(frozen=True)
class OpenedSession(Opened):
    """The log of a session; the scenario is that of its first run."""

    script: Script | None = None
    is_session: ClassVar[bool] = True


def open_any(path: Path) -> Opened:
    """What `open_run` opens, and the log of a session.

    Raises ScenarioError for a scenario that cannot be run, ExportError for a damaged log or when a
    file leads to no run.
    """
    if not is_session(path):
        return open_run(path)
    try:
        script = read_script(path)
    except FilmError as error:
        raise ExportError(str(error)) from None
    return OpenedSession(path, script.runs[0].scenario, None, script)


def open_first(paths: Iterable[Path]) -> tuple[Opened | None, tuple[str, ...]]:
    """The first file that leads to a run or a session, and a sentence about each of the others."""
    return first_run(paths, open_any)
