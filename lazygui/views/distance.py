"""How far the weights are from where they go."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class Distance(SeriesView):
    """‖w_k − w*‖: to the set of minimizers, or to the limit of least squares.

    Of least squares also the distance to the solution of least norm (Xᵀ)⁺Y.
    """

    name = "distance"
    title = QT_TRANSLATE_NOOP("views", "Distance to the minimizer")
    requires = frozenset({"distance"})
    series = (
        Series("distance", Role.ITERATE, "‖<i>w</i> − <i>w</i>*‖"),
        Series(
            "minimum_norm_distance",
            Role.MINIMIZER,
            "‖<i>w</i> − <i>w</i><sub>min</sub>‖, to the solution of least norm",
            3.6,  # wider than the line that may lie on it
            True,
        ),
    )
    ghosted = frozenset({"distance"})
    y_label = "‖<i>w<sub>k</sub></i> − <i>w</i>*‖"
