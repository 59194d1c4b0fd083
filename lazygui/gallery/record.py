"""What is kept of a demo in a gallery: a job when it starts, a record in its folder at the end."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lazygui import __version__
from lazygui.claims.claim import Verdict
from lazygui.export.atomic import write_bytes
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.files import dumps

RECORD = "demo.json"
SCENARIO, DATA, FILM, STAGE = "scenario.toml", "data.csv", "film.mp4", "stage"
TONES = ("light", "dark")


@dataclass(frozen=True)
class Wish:
    """How the files of each demo are made; `seconds` = 0 means no film.

    `width`, `height` and `fps` are those of the film; the figure of the stage has its proportions.
    """

    forms: tuple[str, ...] = ("pdf", "svg", "png")
    theme: str = "light"
    seconds: float = 10.0
    width: int = 1280
    height: int = 720
    fps: int = 30

    def key(self, scenario: Scenario) -> str:
        """A digest of all that the files depend on: version, options and scenario."""
        text = json.dumps([__version__, asdict(self), dumps(scenario)], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True)
class Job:
    """One demo, the folder for its files, and how they are made."""

    demo: str
    folder: Path
    wish: Wish


@dataclass(frozen=True)
class Picture:
    """A figure; `width` and `height` are the pixels of its thumbnails."""

    name: str
    title: str
    width: int
    height: int
    forms: tuple[str, ...]

    def thumbnail(self, tone: str) -> str:
        """The file shown on the page where the reader prefers light or dark."""
        return f"{self.name}-{tone}.png"

    @property
    def files(self) -> tuple[str, ...]:
        """Everything made of it."""
        made = tuple(f"{self.name}.{form}" for form in self.forms)
        return made + tuple(self.thumbnail(tone) for tone in TONES)


@dataclass(frozen=True)
class Answer:
    """What the run answered to one claim; `statement` is rich text, the rest plain."""

    claim: str
    statement: str
    predicted: str
    measured: str
    tolerance: str
    verdict: Verdict


@dataclass(frozen=True)
class Record:
    """A demo that was made, or `reason`: why it failed; `run` is one line of provenance."""

    demo: str
    key: str
    reason: str = ""
    outcome: str = ""
    run: str = ""
    pictures: tuple[Picture, ...] = ()
    answers: tuple[Answer, ...] = ()
    film: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all its files; none for a failed one, which nothing should lead to."""
        if self.reason:
            return ()
        figures = [name for picture in self.pictures for name in picture.files]
        return (*figures, SCENARIO, DATA, *([FILM] if self.film else []))

    def write(self, folder: Path) -> None:
        """Put it into the folder of the demo, where it says that the demo is done."""
        values = asdict(self)
        for answer in values["answers"]:
            answer["verdict"] = answer["verdict"].name
        text = json.dumps(values, indent=1, ensure_ascii=False) + "\n"
        write_bytes(folder / RECORD, text.encode("utf-8"))


def read_record(folder: Path) -> Record | None:
    """The record in a folder; None where there is none that can be read and whose files are."""
    try:
        record = _record(json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    whole = all((folder / name).is_file() for name in record.files)
    return record if whole and record.demo == folder.name else None


def _record(values: dict[str, Any]) -> Record:
    pictures = tuple(
        Picture(**{**item, "forms": tuple(item["forms"])}) for item in values.pop("pictures")
    )
    answers = tuple(
        Answer(**{**item, "verdict": Verdict[item["verdict"]]}) for item in values.pop("answers")
    )
    return Record(**values, pictures=pictures, answers=answers)
