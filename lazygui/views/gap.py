"""How far the objective is above its minimum (slide "Convergence of gradient descent")."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class Gap(SeriesView):
    """F(w_k) − F*."""

    name = "gap"
    title = QT_TRANSLATE_NOOP("views", "Gap to the minimum")
    requires = frozenset({"gap"})
    series = (Series("gap", Role.ITERATE, "<i>F</i> − <i>F</i>*"),)
    ghosted = frozenset({"gap"})
    y_label = "<i>F</i>(<i>w<sub>k</sub></i>) − <i>F</i>*"
