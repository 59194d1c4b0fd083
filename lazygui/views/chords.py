"""The definition of convexity: F stays below its chords (slide "Convex losses")."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from lazygui.simulation.history import History
from lazygui.style import pens
from lazygui.style.contrast import blend
from lazygui.style.pens import Role
from lazygui.views.layers import Path, Rule
from lazygui.views.legend import Entry
from lazygui.views.ranges import padded
from lazygui.views.translation import QT_TRANSLATE_NOOP
from lazygui.views.view import View
from lazygui.views.window import LARGEST


class Chords(View):
    """F minus its chord along random segments, one curve each: none may rise above zero."""

    name = "chords"
    title = QT_TRANSLATE_NOOP("views", "F minus its chords")
    requires = frozenset({"chord_excess", "chord_shares"})

    def build(self, history: History) -> None:
        """The zero line below the curves."""
        theme = self.theme
        shade = blend(pens.colour(theme, Role.DIFFERENCE), theme.surface, 0.6)
        self.curves = Path(pens.line(theme, shade, 1.0))
        self.zero = Rule(pens.line(theme, QColor(theme.muted), 1.0), "horizontal")
        self.plot.add(self.zero, self.curves)

    def draw(self, history: History) -> None:
        """All curves as one polyline."""
        excess = np.atleast_2d(np.asarray(history.facts["chord_excess"], dtype=float))
        shares = np.broadcast_to(history.facts["chord_shares"], excess.shape)
        connect = np.ones(excess.shape, dtype=bool)
        connect[:, -1] = False
        self.curves.set_data(shares.ravel(), excess.ravel(), connect.ravel())
        good = excess[np.abs(excess) <= LARGEST]
        low, high = (float(good.min()), float(good.max())) if good.size else (-1.0, 0.0)
        self.plot.show_range(padded(0.0, 1.0, 0.03), padded(low, max(high, 0.0), 0.1))

    def legend(self, history: History) -> tuple[Entry, ...]:
        """What a curve is."""
        return (
            Entry(self.tr("one pair <i>a</i>, <i>b</i> each"), self.curves.pen),
            Entry(self.tr("the chord"), self.zero.pen),
        )

    def labels(self, history: History) -> tuple[str, str]:
        """Where on the segment, and the excess relative to the larger end."""
        return (
            self.tr("<i>s</i>, from <i>a</i> to <i>b</i>"),
            self.tr("(<i>F</i> − chord) / max(<i>F</i>(<i>a</i>), <i>F</i>(<i>b</i>))"),
        )

    def sentence(self, history: History) -> str:
        """How far F rises above a chord at most."""
        excess = np.asarray(history.facts["chord_excess"], dtype=float)
        text = self.tr("{count} random chords; F rises above one by {size:.1g} at most")
        return text.format(count=len(excess), size=max(float(excess.max()), 0.0))
