"""Loss of the network and of its linearization (Chizat, Oyallon, Bach 2019, figure 1)."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class TrainingLoss(SeriesView):
    """R(αh(w)) against R(αh̄(w̄)), and both on test samples where there are any."""

    name = "training_loss"
    title = QT_TRANSLATE_NOOP("views", "Loss")
    requires = frozenset({"loss", "loss_linearized"})
    series = (
        Series("loss", Role.NETWORK, QT_TRANSLATE_NOOP("views", "network")),
        Series("loss_linearized", Role.LINEARIZATION, QT_TRANSLATE_NOOP("views", "linearization")),
        Series("test_loss", Role.NETWORK, QT_TRANSLATE_NOOP("views", "network, test"), 1.4, True),
        Series(
            "test_loss_linearized",
            Role.LINEARIZATION,
            QT_TRANSLATE_NOOP("views", "linearization, test"),
            1.4,
            True,
        ),
    )
    ghosted = frozenset({"loss"})
    y_label = "<i>R</i>(<i>αh</i>)"
    start_log = (True, True)
    start_abscissa = "time"
