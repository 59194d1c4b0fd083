"""How far the weights are from where they go."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class Distance(SeriesView):
    """‖w_k − w*‖: to the set of minimizers, or to the limit of least squares."""

    name = "distance"
    title = QT_TRANSLATE_NOOP("views", "Distance to the minimizer")
    requires = frozenset({"distance"})
    series = (Series("distance", Role.ITERATE, "‖<i>w</i> − <i>w</i>*‖"),)
    ghosted = frozenset({"distance"})
    y_label = "‖<i>w<sub>k</sub></i> − <i>w</i>*‖"
