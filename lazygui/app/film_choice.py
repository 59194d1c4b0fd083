"""What the film dialog asks for, as options of `lazygui record`, and how it is remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from lazygui.recording.film import Film
from lazygui.recording.formats import FORMATS, Format

STAGE = ""


@dataclass(frozen=True)
class FilmChoice:
    """A film in the user's words; `view` is empty for the stage."""

    format: str = "mp4"
    size: str = "1280x720"
    fps: int = 30
    seconds: float = 10.0
    pace: str = "steps"
    view: str = STAGE
    theme: str = "light"
    title_card: bool = True
    formula: bool = True
    ticker: bool = True
    caption: str = ""

    @property
    def kind(self) -> Format:
        """The kind of file."""
        return FORMATS[self.format]

    def film(self) -> Film:
        """The film, not checked. Raises ValueError for what is no size."""
        width, _, height = self.size.lower().replace("×", "x").replace(" ", "").partition("x")
        if not (width.isdecimal() and height.isdecimal()):
            raise ValueError(f"'{self.size}' is no size; write for example 1920x1080")
        film = Film(
            int(width), int(height), self.fps, self.seconds, pace=self.pace,
            views=(self.view,) if self.view else (), theme=self.theme,
            title_card=self.title_card, formula=self.formula, ticker=self.ticker,
        )  # fmt: skip
        return film.with_format(self.kind)

    def options(self) -> list[str]:
        """The same as options of the command line."""
        film = self.film()
        words = [
            "--size", f"{film.width}x{film.height}", "--fps", str(self.fps),
            "--seconds", repr(self.seconds), "--pace", self.pace, "--theme", self.theme,
        ]  # fmt: skip
        words += ["--view", self.view] if self.view else []
        words += ["--caption", self.caption] if self.caption.strip() else []
        for name, on in (
            ("title", self.title_card), ("formula", self.formula), ("ticker", self.ticker)
        ):  # fmt: skip
            words += [] if on else [f"--no-{name}"]
        return words

    def to_json(self) -> str:
        """As text, without what belongs to one run only."""
        return json.dumps(asdict(replace(self, caption="", view=STAGE)))


def remembered(text: str) -> FilmChoice:
    """The choice in a text; the usual one where it can't be read."""
    try:
        values: Mapping[str, Any] = json.loads(text)
        known = {item.name: type(item.default) for item in fields(FilmChoice)}
        kept: dict[str, Any] = {
            name: value for name, value in values.items() if type(value) is known.get(name)
        }
        choice = FilmChoice(**kept)
        choice.film().check(choice.kind)
    except (ValueError, TypeError, KeyError, AttributeError):
        return FilmChoice()
    return choice
