"""Drawing a panel of a typeset figure where it was arranged: plot, axes, legend, title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lazygui.export.drawing import ColourBar, LegendEntry
from lazygui.export.typeset_images import strip
from lazygui.export.typeset_items import RIM, Ground, line_style, marker_shape, put_items
from lazygui.export.typeset_page import (
    BAR,
    BAR_GAP,
    BARE_TICK,
    NEAR,
    ROW,
    TICK,
    TICK_GAP,
    TITLE,
    Panel,
    bar_ticks,
    sample,
)
from lazygui.export.typeset_text import typeset
from lazygui.export.typeset_type import face

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def put_panel(figure: Figure, panel: Panel, page: tuple[float, float], ground: Ground) -> None:
    """Draw a panel where it was arranged."""
    box, drawing = panel.box, panel.drawing
    axes = figure.add_axes(
        (box.left / page[0], box.bottom / page[1], box.width / page[0], box.height / page[1])
    )
    put_items(axes, drawing, ground, (box.width, box.height))
    axes.set_xlim(*drawing.x.span)
    axes.set_ylim(*drawing.y.span)
    _put_axes(axes, panel)
    if drawing.bar is not None:
        _put_bar(axes, panel, drawing.bar)
    _put_head(figure, panel, page, ground)


def _put_axes(axes: Axes, panel: Panel) -> None:
    ink, em = panel.drawing.palette.ink, panel.type.size
    axes.patch.set_visible(False)
    for name, spine in axes.spines.items():
        shown = {"left": panel.drawing.y.visible, "bottom": panel.drawing.x.visible}
        spine.set_visible(shown.get(name, False))
        spine.set_color(ink)
        spine.set_linewidth(0.08 * em)
        spine.set_zorder(6.0)
    for axis, chosen in ((axes.xaxis, panel.x_ticks), (axes.yaxis, panel.y_ticks)):
        named, bare = chosen
        axis.set_ticks([place for place, _ in named], [text for _, text in named])
        axis.set_ticks(bare, minor=True)
        common: dict[str, Any] = {
            "color": ink,
            "labelcolor": ink,
            "width": 0.07 * em,
            "direction": "out",
        }
        axis.set_tick_params(which="major", length=TICK * em, pad=TICK_GAP * em, **common)
        axis.set_tick_params(which="minor", length=BARE_TICK * em, **common)
    _put_labels(axes, panel)


def _put_labels(axes: Axes, panel: Panel) -> None:
    drawing, box = panel.drawing, panel.box
    style: dict[str, Any] = {
        "transform": axes.transAxes,
        "ha": "center",
        "color": drawing.palette.ink,
    }
    if drawing.x.visible and drawing.x.label:
        text = typeset(drawing.x.label)
        axes.text(0.5, -panel.bottom() / box.height, text, va="bottom", **face(text), **style)
    if drawing.y.visible and drawing.y.label:
        text = typeset(drawing.y.label)
        axes.text(-panel.left() / box.width, 0.5, text, va="top", **UPRIGHT, **face(text), **style)


UPRIGHT: dict[str, Any] = {"rotation": 90.0, "rotation_mode": "anchor"}


def _put_bar(axes: Axes, panel: Panel, bar: ColourBar) -> None:
    em, box, ink = panel.type.size, panel.box, panel.drawing.palette.ink
    left, width = 1.0 + BAR_GAP * em / box.width, BAR * em / box.width
    strip(axes, bar.rgba, (left, 0.0, width, 1.0), 5.0)
    low, high = bar.span
    chosen = bar_ticks(bar, box.height / (2.4 * em))
    right = left + width
    for place, text in chosen:
        share = (place - low) / (high - low)
        axes.plot(
            [right, right + 0.25 * em / box.width], [share, share],
            transform=axes.transAxes, color=ink, linewidth=0.07 * em, clip_on=False,
        )  # fmt: skip
        axes.text(
            right + 2 * TICK_GAP * em / box.width, share, text,
            transform=axes.transAxes, ha="left", va="center_baseline", color=ink, **face(text),
        )  # fmt: skip
    far, label = 1.0 + panel.right() / box.width, typeset(bar.label)
    axes.text(
        far, 0.5, label, transform=axes.transAxes, ha="center", va="bottom", color=ink,
        **UPRIGHT, **face(label),
    )  # fmt: skip


def _put_head(figure: Figure, panel: Panel, page: tuple[float, float], ground: Ground) -> None:
    """The legend above the plot; on a page of several the title, and the legend right below it."""
    em, box, palette = panel.type.size, panel.box, panel.drawing.palette
    top = box.top + (0.35 + ROW * len(panel.rows)) * em
    if panel.title:
        top = panel.head - TITLE * em
        figure.text(
            box.left / page[0], (top + 0.45 * em) / page[1], typeset(panel.title),
            ha="left", va="baseline", color=palette.ink, fontsize=1.1 * em,
            **face(typeset(panel.title)),
        )  # fmt: skip
    for k, row in enumerate(panel.rows):
        for entry, x in row:
            place = (box.left + x, top - (k + 0.5) * ROW * em)
            _put_entry(figure, entry, place, page, em, palette.ink, ground)


def _put_entry(
    figure: Figure,
    entry: LegendEntry,
    place: tuple[float, float],
    page: tuple[float, float],
    em: float,
    ink: str,
    ground: Ground,
) -> None:
    from matplotlib.lines import Line2D

    (left, middle), width, text = place, sample(entry) * em, typeset(entry.text)
    if entry.stroke is not None:
        ends = [left / page[0], (left + width) / page[0]]
        level = [middle / page[1]] * 2
        figure.add_artist(Line2D(ends, level, **line_style(entry.stroke, ground)))
    if entry.symbol:
        outline, size = marker_shape(entry.symbol, 0.62 * em)
        figure.add_artist(
            Line2D(
                [(left + width / 2) / page[0]], [middle / page[1]], linestyle="none",
                marker=outline, markersize=size, markerfacecolor=entry.colour,
                markeredgecolor=entry.colour, markeredgewidth=0.5 * RIM,
            )
        )  # fmt: skip
    figure.text(
        (left + width + NEAR * em) / page[0], (middle - 0.3 * em) / page[1],
        text, ha="left", va="baseline", color=ink, **face(text),
    )  # fmt: skip
