"""Gradient descent on least squares stays in w₀ + Im X (slide "Least-squares regression")."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class OffImage(SeriesView):
    """The displacement ‖w − w₀‖, and its part outside the image of X, which stays at rounding."""

    name = "off_image"
    title = QT_TRANSLATE_NOOP("views", "Displacement, inside and outside Im X")
    requires = frozenset({"off_image", "displacement"})
    series = (
        Series("displacement", Role.ITERATE, "‖<i>w</i> − <i>w</i><sub>0</sub>‖"),
        Series("off_image", Role.DIFFERENCE, QT_TRANSLATE_NOOP("views", "outside Im <i>X</i>")),
    )
    ghosted = frozenset({"displacement"})
    y_label = QT_TRANSLATE_NOOP("views", "displacement")
