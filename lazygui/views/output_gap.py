"""How far the outputs are from the linearization's (theorem 2.2)."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class OutputGap(SeriesView):
    """‖αh(w) − αh̄(w̄)‖_F = O(1/α)."""

    name = "output_gap"
    title = QT_TRANSLATE_NOOP("views", "Output gap")
    requires = frozenset({"output_gap"})
    series = (Series("output_gap", Role.DIFFERENCE, "‖<i>αh</i> − <i>αh\u0304</i>‖"),)
    ghosted = frozenset({"output_gap"})
    y_label = "‖<i>αh</i> − <i>αh\u0304</i>‖<sub>F</sub>"
    start_log = (True, True)
    start_abscissa = "time"
    lowest = -13.0
