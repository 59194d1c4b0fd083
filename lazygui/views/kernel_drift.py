"""How far kernel, features and gates move: not at all when training is lazy."""

from __future__ import annotations

from lazygui.simulation.history import History
from lazygui.style.pens import Role
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP


class KernelDrift(SeriesView):
    """‖Θ_t − Θ₀‖/‖Θ₀‖, the same of the hidden features, and the share of flipped gates."""

    name = "kernel_drift"
    title = QT_TRANSLATE_NOOP("views", "Drift of the kernel")
    requires = frozenset({"kernel_drift"})
    series = (
        Series(
            "kernel_drift",
            Role.DIFFERENCE,
            QT_TRANSLATE_NOOP("views", "kernel Θ"),
        ),
        Series(
            "feature_drift",
            Role.NETWORK,
            QT_TRANSLATE_NOOP("views", "features <i>σ</i>(<i>z</i>)"),
        ),
        Series(
            "gate_flips",
            Role.NETWORK,
            QT_TRANSLATE_NOOP("views", "share of gates flipped"),
            1.4,
            True,
        ),
        Series(
            "balance_drift",
            Role.THEORY,
            QT_TRANSLATE_NOOP("views", "balance |<i>a<sub>j</sub></i>|² − <i>c<sub>j</sub></i>²"),
        ),
    )
    ghosted = frozenset({"kernel_drift"})
    y_label = QT_TRANSLATE_NOOP("views", "relative change")
    start_log = (True, True)
    start_abscissa = "time"
    lowest = -13.0

    def present(self, history: History) -> list[Series]:
        """The balance only for ReLU, whose flow conserves it."""
        relu = getattr(history.scenario, "activation", "") == "relu"
        found = super().present(history)
        return [item for item in found if relu or item.column != "balance_drift"]
