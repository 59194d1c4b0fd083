"""Contrast of two colours, by the formula of WCAG 2."""

from __future__ import annotations

from PySide6.QtGui import QColor


def luminance(colour: str | QColor) -> float:
    """Relative luminance, 0 for black and 1 for white (WCAG 2.2, "relative luminance")."""
    shade = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (shade.redF(), shade.greenF(), shade.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str | QColor, second: str | QColor) -> float:
    """Contrast ratio (L₁ + 0.05)/(L₂ + 0.05), from 1 to 21; the order doesn't matter."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def blend(colour: str | QColor, ground: str | QColor, share: float) -> QColor:
    """The opaque colour that `colour` with opacity `share` gives over `ground`."""
    top, below = QColor(colour), QColor(ground)
    return QColor.fromRgbF(
        share * top.redF() + (1.0 - share) * below.redF(),
        share * top.greenF() + (1.0 - share) * below.greenF(),
        share * top.blueF() + (1.0 - share) * below.blueF(),
    )
