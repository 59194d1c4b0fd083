"""Share of the samples on the right side."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class Accuracy(SeriesView):
    """Training and test accuracy of the network and of its linearization."""

    name = "accuracy"
    title = QT_TRANSLATE_NOOP("views", "Accuracy")
    requires = frozenset({"accuracy", "accuracy_linearized"})
    series = (
        Series("accuracy", Role.NETWORK, QT_TRANSLATE_NOOP("views", "network")),
        Series(
            "accuracy_linearized", Role.LINEARIZATION, QT_TRANSLATE_NOOP("views", "linearization")
        ),
        Series(
            "test_accuracy", Role.NETWORK, QT_TRANSLATE_NOOP("views", "network, test"), 1.4, True
        ),
        Series(
            "test_accuracy_linearized",
            Role.LINEARIZATION,
            QT_TRANSLATE_NOOP("views", "linearization, test"),
            1.4,
            True,
        ),
    )
    ghosted = frozenset({"accuracy"})
    y_label = QT_TRANSLATE_NOOP("views", "accuracy")
    start_log = (True, False)
    start_abscissa = "time"
