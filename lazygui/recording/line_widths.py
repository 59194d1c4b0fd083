"""Lines of a view as thick at 4K as at 720p.

The pens of the views are cosmetic: a line keeps its width in pixels of the picture, however large
that is. Views paint in logical pixels, so that without the flag a line grows with everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtGui import QPen

from lazygui.views.view import View


def let_lines_grow(view: View) -> None:
    """Give all lines of a view a width in logical pixels. Harmless twice."""
    entries = view.header.legend.entries
    for pen in (*_pens([vars(layer) for layer in view.plot.canvas.layers]), *_pens(entries)):
        pen.setCosmetic(False)


def _pens(found: Any) -> Iterator[QPen]:
    """The pens in a layer's attributes, in what these hold, and in the entries of a legend."""
    if isinstance(found, QPen):
        yield found
    elif isinstance(found, dict):
        yield from _pens(list(found.values()))
    elif isinstance(found, list | tuple):
        for item in found:
            yield from _pens(getattr(item, "pen", item))
