"""One type family, shipped, so that every machine and every figure shows the same letters."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from lazygui.shipped import resource

if TYPE_CHECKING:
    from lazygui.style.themes import Theme

FALLBACK = "Sans Serif"


class Size(Enum):
    """Type sizes in points at font scale 1."""

    SMALL = 9.5
    TICK = 10.0
    BASE = 10.5
    LABEL = 10.75
    TITLE = 11.5
    NUMBER = 20.0


@lru_cache(maxsize=1)
def family() -> str:
    """The family of the shipped font, or the system's sans serif where it doesn't load."""
    try:
        files = sorted(resource("fonts").glob("*.otf"))
    except FileNotFoundError:
        return FALLBACK
    loaded = [QFontDatabase.addApplicationFont(str(file)) for file in files]
    families = [name for key in loaded if key >= 0 for name in _families(key)]
    return families[0] if families else QGuiApplication.font().family()


def _families(key: int) -> list[str]:
    return list(QFontDatabase.applicationFontFamilies(key))


def points(theme: Theme, size: Size = Size.BASE) -> float:
    """The size in points under a theme."""
    return float(size.value) * theme.font_scale


def font(theme: Theme, size: Size = Size.BASE, *, bold: bool = False) -> QFont:
    """The program's font; figures have equal widths, so that running numbers don't jitter."""
    result = QFont(family())
    result.setPointSizeF(points(theme, size))
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    result.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
