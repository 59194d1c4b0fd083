"""How a view is shown: read from it for a log, and given back to it."""

from __future__ import annotations

from collections.abc import Mapping

from lazygui.recording.script import Look
from lazygui.views.ranges import Span
from lazygui.views.view import View
from lazygui.views.window import LARGEST

DECADES = 400.0  # beyond those of float64; far beyond, an axis loses its width and Qt its life


def look_of(view: View) -> Look:
    """How a view is shown: its axes, and its ranges where the user chose them."""
    span = None
    if not view.plot.following:
        x, y = view.plot.box.viewRange()
        span = float(x[0]), float(x[1]), float(y[0]), float(y[1])
    return Look(
        view.name,
        view.log_x if view.can_log else None,
        view.log_y if view.can_log else None,
        view.abscissa if view.has_time else "",
        span,
    )


def dress(view: View, look: Look, spans: Mapping[str, Span] | None = None) -> None:
    """Show a view with these axes and ranges, or with `spans` of "x" and "y" where it has none."""
    if view.can_log and look.log_x not in (None, view.log_x):
        view.set_log_x(bool(look.log_x))
    if view.can_log and look.log_y not in (None, view.log_y):
        view.set_log_y(bool(look.log_y))
    if view.has_time and look.abscissa and look.abscissa != view.abscissa:
        view.set_time(look.abscissa == "time")
    if look.span is not None:
        spans = {
            "x": _bounded(look.span[:2], log=view.log_x),
            "y": _bounded(look.span[2:], log=view.log_y),
        }
    if spans is not None:
        view.plot.following = False
        view.plot.box.setRange(xRange=spans["x"], yRange=spans["y"], padding=0)
    elif not view.plot.following:
        view.follow()


def _bounded(span: Span, *, log: bool) -> Span:
    """The part of a range that an axis can have; a log of somebody's own may ask for more."""
    most = DECADES if log else LARGEST
    low, high = (min(max(value, -most), most) for value in span)
    return low, high
