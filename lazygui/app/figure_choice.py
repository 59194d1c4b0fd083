"""What the figure dialog asks for, and how it is remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from lazygui.export.sizes import DEFAULT, PRESETS, UNITS, checked_font, several, size_of
from lazygui.views.figures import FigureSpec

STAGE = ""
ANY = "any"  # in place of a view's name in what is remembered
CUSTOM = "custom"
UNITS_OFFERED = ("mm", "in", "px")


@dataclass(frozen=True)
class FigureChoice:
    """A figure in the user's words; `view` is empty for the stage."""

    view: str = ANY
    typeset: bool = True
    form: str = "pdf"
    preset: str = DEFAULT
    width: float = PRESETS[DEFAULT].width
    height: float = PRESETS[DEFAULT].height
    unit: str = "mm"
    font: float = PRESETS[DEFAULT].font
    background: str = "light"

    def spec(self) -> FigureSpec:
        """The figure. Raises ValueError for a size, a type or a format that can't be had."""
        size = replace(size_of(self.width, self.height, self.unit), font=checked_font(self.font))
        return FigureSpec(self.form, size, self.background, self.typeset).check()

    def in_unit(self, unit: str) -> FigureChoice:
        """The same size in another unit."""
        ratio = UNITS[self.unit] / UNITS[unit]
        digits = 2 if unit == "in" else 0 if unit == "px" else 1
        sides = (round(side * ratio, digits) for side in (self.width, self.height))
        return replace(self, width=next(sides), height=next(sides), unit=unit)

    def of_view(self, view: str) -> FigureChoice:
        """The same of a view or the stage, whose usual type is smaller."""
        usual = self.preset in PRESETS and self.font == font_of(self.preset, self.view)
        return replace(self, view=view, font=font_of(self.preset, view) if usual else self.font)

    def with_preset(self, name: str) -> FigureChoice:
        """A preset's size and type, in the unit in force; nothing changes for "custom"."""
        if name not in PRESETS:
            return replace(self, preset=CUSTOM)
        preset, font = PRESETS[name], font_of(name, self.view)
        chosen = replace(
            self, preset=name, width=preset.width, height=preset.height, unit="mm", font=font
        )
        return chosen if self.unit in ("mm", "px") else chosen.in_unit(self.unit)

    def to_json(self) -> str:
        """As text, without the view, which belongs to one run."""
        return json.dumps(asdict(self.of_view(ANY)))


def font_of(preset: str, view: str) -> float:
    """The usual size of the type, in points."""
    font = PRESETS[preset].font
    return several(font) if view == STAGE else font


def remembered(text: str) -> FigureChoice:
    """The choice in a text; the usual one where it can't be read or made."""
    try:
        values: Mapping[str, Any] = json.loads(text)
        known = {item.name: type(item.default) for item in fields(FigureChoice)}
        kept: dict[str, Any] = {n: v for n, v in values.items() if type(v) is known.get(n)}
        choice = FigureChoice(**kept)
        choice.spec()
    except (ValueError, TypeError, KeyError, AttributeError):
        return FigureChoice()
    return choice
