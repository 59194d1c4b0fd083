"""Loss of the network and of its linearization (Chizat, Oyallon, Bach 2019, figure 1)."""

from __future__ import annotations

from lazygui.style.pens import Role
from lazygui.views.ranges import union
from lazygui.views.series_view import Series, SeriesView
from lazygui.views.translation import QT_TRANSLATE_NOOP

ROOM = 4.0  # decades above the network that the range follows its linearization


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

    def make_room(self) -> None:
        """As for any series, but a linearization that diverges may leave by the upper edge.

        It reaches 10³⁰⁰ while the network beside it converges, which must stay visible.
        """
        drawn = {**self.traces, **{f"ghost {name}": t for name, t in self.ghosts.items()}}
        spans = {n: t.bounds(log_x=self.log_x, log_y=self.log_y) for n, t in drawn.items()}
        kept = union([y for name, (_, y) in spans.items() if not name.endswith("_linearized")])
        y = union([y for _, y in spans.values()])
        if y is not None and kept is not None:
            room = ROOM if self.log_y else 10.0 * (kept[1] - kept[0])
            y = (y[0], min(y[1], kept[1] + room))
        self.plot.include(union([spans[name][0] for name in self.traces]), y)
