"""The type of a typeset figure: Computer Modern, and how large a text becomes in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CM, STIX = "cmr10", "STIXGeneral"
# In the others' places the original encoding of the Computer Modern fonts has other letters.
_HAS_CM = re.compile(r"[A-Za-z0-9 !#$%&'()*+,\-./:;=?@\[\]`]*")
_MATHEMATICS = re.compile(r"((?<!\\)\$[^$]*\$)")


def parameters(size: float, **others: Any) -> dict[str, Any]:
    """The settings of matplotlib under which every figure is made, whatever the user's are."""
    return others | {
        "font.family": [CM],
        "font.size": size,
        "mathtext.fontset": "cm",
        "mathtext.fallback": "stix",
        "axes.unicode_minus": False,
        "axes.formatter.use_mathtext": True,
        "text.usetex": False,
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
        "ps.useafm": False,
        "pdf.compression": 9,
        "svg.fonttype": "path",
        "svg.hashsalt": "lazygui",
        "path.simplify": True,
        "path.simplify_threshold": 0.08,
        "figure.constrained_layout.use": False,
        "figure.autolayout": False,
        "image.composite_image": False,
        "pgf.texsystem": "pdflatex",
        "pgf.rcfonts": False,
        "pgf.preamble": "",
    }


@dataclass(frozen=True)
class Type:
    """Text of a size in points."""

    size: float

    def width(self, text: str) -> float:
        """Points from the left to the right of a text with mathematics."""
        return extent(text)[0] * self.size

    def height(self, text: str) -> float:
        """Points from the lowest to the highest point of a text, at least those of a line."""
        _, height, depth = extent(text)
        return (max(height, 0.7) + depth) * self.size


def face(text: str) -> dict[str, Any]:
    """The fonts for a text: Computer Modern, or a family with all letters where it lacks one."""
    words = "".join(_MATHEMATICS.split(text)[::2]).replace(r"\$", "$")
    if _HAS_CM.fullmatch(words):
        return {"fontfamily": CM, "math_fontfamily": "cm"}
    return {"fontfamily": STIX, "math_fontfamily": "stix"}


@lru_cache(maxsize=2048)
def extent(text: str) -> tuple[float, float, float]:
    """Width, height above and depth below the base line, in multiples of the size of the type."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    fonts = face(text)
    properties = FontProperties(
        family=fonts["fontfamily"], math_fontfamily=fonts["math_fontfamily"], size=100.0
    )
    parsed = MathTextParser("path").parse(text, 72.0, properties)
    width, height, depth = (float(size) / 100.0 for size in parsed[:3])
    return width, height - depth, depth
