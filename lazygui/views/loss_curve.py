"""The objective along gradient descent (slide "Gradient descent")."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class LossCurve(SeriesView):
    """F(w_k) of descent and of least squares."""

    name = "loss_curve"
    title = QT_TRANSLATE_NOOP("views", "Objective value")
    requires = frozenset({"loss", "gap"})
    series = (Series("loss", Role.ITERATE, QT_TRANSLATE_NOOP("views", "<i>F</i>(<i>w</i>)")),)
    ghosted = frozenset({"loss"})
    y_label = "<i>F</i>(<i>w<sub>k</sub></i>)"
