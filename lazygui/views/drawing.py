"""What a view shows, as values for a figure on paper: made from its layers, whatever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lazygui.export.drawing import AxisSpec, ColourBar, Drawing, Item, LegendEntry, Palette
from lazygui.style.themes import Theme
from lazygui.views import paper
from lazygui.views.axis import Axis
from lazygui.views.legend import Entry
from lazygui.views.plot import Plot
from lazygui.views.sweep_colours import ColourBar as ColourBarWidget
from lazygui.views.window import Window

if TYPE_CHECKING:
    from lazygui.views.view import View


def drawing_of(view: View) -> Drawing:
    """The view as it is now. A view without a run gives empty axes."""
    history, plot = view.history, view.plot
    window = plot.canvas.shown()
    items: list[Item] = []
    for layer in plot.canvas.layers:
        if layer.visible:
            items.extend(layer.drawn(window))
    x, y = view.labels(history) if history is not None else ("", "")
    return Drawing(
        title=view.translated(view.title),
        x=_axis(plot, "x", x, window),
        y=_axis(plot, "y", y, window),
        items=tuple(items),
        legend=tuple(_entry(entry, view.theme) for entry in view.header.legend.entries),
        caption=view.subtitle(history) if history is not None else "",
        bar=_bar(view),
        equal=bool(plot.box.state["aspectLocked"]),
        palette=palette_of(view.theme),
    )


def palette_of(theme: Theme) -> Palette:
    """Paper and ink of a theme."""
    return Palette(theme.surface, theme.ink, theme.muted)


def _axis(plot: Plot, name: str, label: str, window: Window) -> AxisSpec:
    axis: Axis = plot.bottom if name == "x" else plot.left
    span, log = (window.x, window.log_x) if name == "x" else (window.y, window.log_y)
    # Ticks of its own, which a sweep puts at the values of a parameter.
    levels = getattr(axis, "_tickLevels", None) or []
    ticks = tuple((float(place), str(text)) for level in levels for place, text in level)
    core = plot.wanted(name)
    return AxisSpec(label, span, core, log, ticks, axis.isVisible())


def _entry(entry: Entry, theme: Theme) -> LegendEntry:
    stroke = paper.stroke(entry.pen) if entry.pen is not None else None
    colour = entry.colour.name() if entry.colour is not None else theme.muted
    return LegendEntry(entry.text, stroke, entry.symbol, colour)


def _bar(view: View) -> ColourBar | None:
    bar = view.findChild(ColourBarWidget)
    if bar is None or bar.isHidden() or bar.scale is None:
        return None
    rgba = np.ascontiguousarray(paper.pixels(bar.image)[0])
    return ColourBar(bar.label, bar.scale.span, bar.scale.log, rgba)
