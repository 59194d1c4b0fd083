"""How far the weights move (Chizat, Oyallon, Bach 2019, theorem 2.2)."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class Displacement(SeriesView):
    """‖w − w₀‖ = O(1/α), the same relative to ‖w₀‖, and ‖w − w̄‖ = O(1/α²)."""

    name = "displacement"
    title = QT_TRANSLATE_NOOP("views", "Weight displacement")
    requires = frozenset({"displacement", "relative_displacement"})
    series = (
        Series("displacement", Role.NETWORK, "‖<i>w</i> − <i>w</i><sub>0</sub>‖"),
        Series(
            "displacement_linearized",
            Role.LINEARIZATION,
            "‖<i>w\u0304</i> − <i>w</i><sub>0</sub>‖",
        ),
        Series(
            "relative_displacement",
            Role.NETWORK,
            "‖<i>w</i> − <i>w</i><sub>0</sub>‖ / ‖<i>w</i><sub>0</sub>‖",
            1.4,
            True,
        ),
        Series("weight_gap", Role.DIFFERENCE, "‖<i>w</i> − <i>w\u0304</i>‖"),
    )
    ghosted = frozenset({"displacement", "weight_gap"})
    y_label = QT_TRANSLATE_NOOP("views", "displacement")
    start_log = (True, True)
    start_abscissa = "time"
    lowest = -13.0
