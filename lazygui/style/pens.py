"""One meaning per colour, in every view: who is drawn how."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen

from lazygui.style.contrast import blend, contrast
from lazygui.style.themes import Theme

LINE_CONTRAST = 3.0


class Role(StrEnum):
    """What an item of a plot stands for."""

    NETWORK = "network"
    LINEARIZATION = "linearization"
    DATA = "data"
    THEORY = "theory"
    DIFFERENCE = "difference"
    ITERATE = "iterate"
    MINIMIZER = "minimizer"
    GRADIENT = "gradient"
    AXIS = "axis"
    GHOST = "ghost"
    GHOST_LINEARIZATION = "ghost-linearization"
    GHOST_DIFFERENCE = "ghost-difference"


_FIELDS = {
    Role.NETWORK: "network",
    Role.LINEARIZATION: "linearization",
    Role.DATA: "data",
    Role.THEORY: "theory",
    Role.DIFFERENCE: "difference",
    Role.ITERATE: "network",
    Role.MINIMIZER: "good",
    Role.GRADIENT: "linearization",
    Role.AXIS: "muted",
    Role.GHOST: "network",
    Role.GHOST_LINEARIZATION: "linearization",
    Role.GHOST_DIFFERENCE: "difference",
}
_GHOSTS = {
    Role.NETWORK: Role.GHOST,
    Role.LINEARIZATION: Role.GHOST_LINEARIZATION,
    Role.DIFFERENCE: Role.GHOST_DIFFERENCE,
}
_FADED = frozenset({Role.GHOST, *_GHOSTS.values()})
_DASHES: dict[Role, tuple[float, ...]] = {
    Role.LINEARIZATION: (5.0, 3.0),
    Role.GHOST_LINEARIZATION: (5.0, 3.0),
    Role.THEORY: (6.0, 2.5, 1.0, 2.5),
}
_WIDTHS = {Role.THEORY: 1.3, **dict.fromkeys(_FADED, 1.6), Role.AXIS: 1.0}
_SYMBOLS = {Role.MINIMIZER: "star", Role.LINEARIZATION: "t", Role.DATA: "o"}


def ghost_of(role: Role) -> Role:
    """The role of the same quantity in the previous run: the same hue, faded."""
    return _GHOSTS.get(role, Role.GHOST)


def colour(theme: Theme, role: Role) -> QColor:
    """The colour of a role; ghosts are opaque, because translucent pens are slow."""
    shade = QColor(getattr(theme, _FIELDS[role]))
    if role in _FADED:
        return blend(shade, theme.surface, theme.ghost_share)
    return shade


def pen(theme: Theme, role: Role, width: float | None = None) -> QPen:
    """The pen of a role; `width` in pixels at line scale 1 replaces the role's own."""
    chosen = _WIDTHS.get(role, 2.0) if width is None else width
    return dashed(line(theme, colour(theme, role), chosen), _DASHES.get(role, ()))


def line(theme: Theme, shade: QColor, width: float) -> QPen:
    """A solid pen of a given colour, its width in pixels at line scale 1.

    It isn't cosmetic: views paint in the pixels of a screen, and a line grows with all the rest
    where a figure or a film has more of them.
    """
    result = QPen(shade, width * theme.line_scale)
    result.setCapStyle(Qt.PenCapStyle.FlatCap)
    result.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    return result


def dashed(base: QPen, pattern: Sequence[float]) -> QPen:
    """The same pen with dashes and gaps in multiples of its width; solid for no pattern."""
    result = QPen(base)
    if pattern:
        result.setDashPattern(list(pattern))
    return result


DOTTED = (1.2, 2.0)


def brush(theme: Theme, role: Role, share: float = 1.0) -> QBrush:
    """A filling; a `share` below 1 pales it towards the surface."""
    return QBrush(blend(colour(theme, role), theme.surface, share))


def symbol(role: Role) -> str:
    """The marker of a role, so that it never is told by colour alone."""
    return _SYMBOLS.get(role, "o")


def sequence(theme: Theme, count: int) -> list[QColor]:
    """`count` colours of viridis for an ordered family, all of them visible on the surface.

    The end of the map that comes too near to the surface (yellow on white, violet on dark) is
    left out: each colour has a contrast of at least 3.
    """
    shades = [QColor.fromRgbF(*rgb) for rgb in viridis(np.linspace(0.0, 1.0, 256))[:, :3]]
    visible = [s for s in shades if contrast(s, theme.surface) >= LINE_CONTRAST]
    places = np.linspace(0, len(visible) - 1, max(count, 1)).round().astype(int)
    return [visible[place] for place in places[:count]]


# Every sixteenth colour of viridis (by S. van der Walt and N. Smith, CC0) is enough to interpolate.
_VIRIDIS = (
    "440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e "
    "1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725"
)


def viridis(places: np.ndarray) -> np.ndarray:
    """Colours (…, 4) in [0, 1] of viridis at `places` in [0, 1]; NaN counts as 0."""
    anchors = np.frombuffer(bytes.fromhex(_VIRIDIS), dtype=np.uint8).reshape(-1, 3) / 255
    where = np.clip(np.nan_to_num(np.asarray(places, dtype=float)), 0.0, 1.0)
    grid = np.linspace(0.0, 1.0, len(anchors))
    channels = [np.interp(where, grid, anchors[:, k]) for k in range(3)]
    return np.stack([*channels, np.ones_like(where)], axis=-1)
