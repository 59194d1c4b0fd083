"""Sizes of figures: what people type, and presets for slides, papers and posters."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lazygui.scenarios.faults import did_you_mean

MM = 25.4  # per inch
UNITS = {"mm": 1 / MM, "cm": 10 / MM, "in": 1.0, "pt": 1 / 72, "px": 1 / 96}
"""Inches per unit; a pixel is 1/96 inch, as in CSS and SVG."""
SMALLEST, LARGEST = 10.0, 3000.0  # mm a side
FONTS = (4.0, 200.0)
SIDE = 16384  # pixels a side at most
DOTS = 300  # per inch of a PNG whose size is not in pixels


@dataclass(frozen=True)
class FigureSize:
    """Width and height in inches, and the size of the type in points that suits them."""

    width: float
    height: float
    font: float
    dots: float = DOTS

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a PNG."""
        return round(self.width * self.dots), round(self.height * self.dots)


@dataclass(frozen=True)
class Preset:
    """A usual size in mm."""

    title: str
    width: float
    height: float
    font: float

    @property
    def size(self) -> FigureSize:
        """The same in inches."""
        return FigureSize(self.width / MM, self.height / MM, self.font)


PRESETS: dict[str, Preset] = {
    "beamer": Preset("Beamer 16:9, full", 140.0, 70.0, 9.0),
    "beamer-half": Preset("Beamer 16:9, half", 68.0, 60.0, 8.0),
    "column": Preset("Paper, one column", 86.0, 60.0, 8.0),
    "columns": Preset("Paper, two columns", 178.0, 75.0, 8.0),
    "poster": Preset("Poster A0, half width", 380.0, 260.0, 24.0),
}
DEFAULT = "beamer"

_SIZE = re.compile(
    r"\s*(\d+(?:[.,]\d+)?)\s*[x×*]\s*(\d+(?:[.,]\d+)?)\s*(mm|cm|in|pt|px)?\s*", re.IGNORECASE
)


def parse_size(text: str) -> FigureSize:
    """The size of a preset or of "128x72mm", "5x3in", "1280x720px"; without a unit, mm.

    Raises ValueError naming what can't be and what can.
    """
    name = text.strip().lower()
    if name in PRESETS:
        return PRESETS[name].size
    match = _SIZE.fullmatch(text)
    if match is None:
        hint = did_you_mean(name, PRESETS)
        advice = f"{hint} Write" if hint else "; write"
        raise ValueError(
            f"'{text}' is no size{advice} 128x72mm, 5x3in, 1280x720px or one of "
            f"{', '.join(PRESETS)}"
        )
    unit = (match[3] or "mm").lower()
    width, height = (float(match[k].replace(",", ".")) for k in (1, 2))
    return size_of(width, height, unit)


def size_of(width: float, height: float, unit: str) -> FigureSize:
    """A size in a unit, with type that suits it. Raises ValueError outside 10 … 3000 mm."""
    across, down = width * UNITS[unit], height * UNITS[unit]
    for inches in (across, down):
        if not (math.isfinite(inches) and SMALLEST <= inches * MM * (1 + 1e-9) <= LARGEST + 1e-6):
            raise ValueError(
                f"a figure of {width:g} × {height:g} {unit} can't be made; its sides are "
                f"{SMALLEST:g} to {LARGEST:g} mm long"
            )
    dots = 1 / UNITS["px"] if unit == "px" else DOTS
    return FigureSize(across, down, usual_font(across, down), dots)


def usual_font(width: float, height: float) -> float:
    """Points that suit a figure of this size in inches: 9 at 140 mm, larger as it grows."""
    across = min(width, 2.2 * height) * MM
    points = 9.0 * math.pow(across / 140.0, 0.8)
    return round(2 * min(max(points, 7.0), 60.0)) / 2


def several(font: float) -> float:
    """The type of a figure of several plots, which leaves each of them less room."""
    return max(round(1.4 * font) / 2, 5.0)


def checked_font(points: float) -> float:
    """The same number. Raises ValueError for a type that nobody could read or place."""
    if not FONTS[0] <= points <= FONTS[1]:
        raise ValueError(
            f"type of {points:g} points can't be set; choose {FONTS[0]:g} to {FONTS[1]:g}"
        )
    return points


def dots_per_inch(size: FigureSize) -> float:
    """The resolution of its PNG, less than asked for where a side would pass 16384 pixels."""
    return min(size.dots, SIDE / max(size.width, size.height))
