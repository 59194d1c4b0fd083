"""Words for numbers, for those who hear the plots."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from lazygui.views.window import Array


def value_text(value: float) -> str:
    """Three significant digits; words for what is no number."""
    if np.isnan(value):
        return QCoreApplication.translate("views", "not a number")
    if np.isinf(value):
        return QCoreApplication.translate("views", "infinite")
    return f"{float(value):.3g}"


def trend(values: Array) -> str:
    """Falling, rising or steady, by the last tenth of the rows."""
    recent = values[-max(len(values) // 10, 2) :]
    first, last = float(recent[0]), float(recent[-1])
    if not (np.isfinite(first) and np.isfinite(last)):
        return QCoreApplication.translate("views", "diverging")
    if abs(last - first) <= 1e-3 * max(abs(first), abs(last)):
        return QCoreApplication.translate("views", "steady")
    if last < first:
        return QCoreApplication.translate("views", "falling")
    return QCoreApplication.translate("views", "rising")
