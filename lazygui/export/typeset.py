"""Typeset figures: drawings as PDF, SVG, PGF, EPS and PNG, the same bytes for the same drawing.

Plotted by matplotlib's Figure without its global state, in Computer Modern and with mathematics set
as in a paper; nothing but pictures is an image.
"""

from __future__ import annotations

import io
import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lazygui.export.drawing import Drawing, Sheet, sheet_of
from lazygui.export.provenance import Provenance, pdf_metadata, stamp_png, stamp_svg
from lazygui.export.sizes import FigureSize, checked_font, dots_per_inch
from lazygui.export.typeset_images import with_packed_images
from lazygui.export.typeset_items import Ground
from lazygui.export.typeset_page import arranged
from lazygui.export.typeset_panel import put_panel
from lazygui.export.typeset_pgf import pgf_bytes
from lazygui.export.typeset_type import Type, parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("pdf", "svg", "pgf", "eps", "png")
BACKGROUNDS = ("light", "dark", "transparent")
_COMMENT = 200  # characters of a comment line, below the 255 that EPS allows
# Settings of matplotlib are the process's own: one figure at a time.
_LOCK = threading.Lock()


def render(
    picture: Drawing | Sheet,
    form: str,
    size: FigureSize,
    *,
    background: str = "light",
    provenance: Provenance | None = None,
) -> bytes:
    """A drawing, or several in a grid, as a file of the format `form`.

    The drawing's palette says what light and dark are; "transparent" leaves the paper out. Raises
    ValueError for an unknown format and for a figure too small for its type.
    """
    if form not in FORMATS:
        raise ValueError(f"'{form}' is no format of a figure; choose one of {', '.join(FORMATS)}")
    checked_font(size.font)
    import matplotlib

    sheet = sheet_of(picture)
    settings: Any = parameters(size.font)
    if form == "pgf":
        # What TeX aligns itself stays aligned in whatever font the document has.
        settings["ytick.alignment"] = "center"
    with _LOCK, matplotlib.rc_context(settings):
        figure = _figure(sheet, size, _ground(sheet, form, size), background)
        return _WRITERS[form](figure, size, provenance)


def _ground(sheet: Sheet, form: str, size: FigureSize) -> Ground:
    colour = sheet.panels[0][0].palette.ground
    return Ground(
        colour,
        opaque=form == "eps",
        solid_images=form in ("eps", "pgf"),
        dots=dots_per_inch(size),
    )


def _figure(sheet: Sheet, size: FigureSize, ground: Ground, background: str) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(size.width, size.height), dpi=72.0)
    figure.set_facecolor("none" if background == "transparent" else ground.colour)
    page = (72.0 * size.width, 72.0 * size.height)
    for panel in arranged(sheet, page, Type(size.font)):
        put_panel(figure, panel, page, ground)
    return figure


def _saved(figure: Figure, form: str, dots: float, metadata: Mapping[str, str | None]) -> bytes:
    buffer = io.BytesIO()
    # The dates inside the Computer Modern fonts are odd, which is nobody's concern here.
    log = logging.getLogger("fontTools")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        figure.savefig(
            buffer, format=form, dpi=dots, metadata=dict(metadata), facecolor=figure.get_facecolor()
        )
    finally:
        log.setLevel(before)
    return buffer.getvalue()


def _pdf(figure: Figure, size: FigureSize, provenance: Provenance | None) -> bytes:
    said: dict[str, str | None] = {"CreationDate": None, "Producer": None}
    said |= {} if provenance is None else pdf_metadata(provenance)
    return _saved(figure, "pdf", 72.0, said)


def _svg(figure: Figure, size: FigureSize, provenance: Provenance | None) -> bytes:
    said = {"Date": None, "Creator": None, "Format": None, "Type": None}
    data = _saved(figure, "svg", 72.0, said)
    return data if provenance is None else stamp_svg(data, provenance)


def _png(figure: Figure, size: FigureSize, provenance: Provenance | None) -> bytes:
    data = _saved(figure, "png", dots_per_inch(size), {"Software": None})
    return data if provenance is None else stamp_png(data, provenance)


def _pgf(figure: Figure, size: FigureSize, provenance: Provenance | None) -> bytes:
    return pgf_bytes(figure, _comments(provenance))


def _eps(figure: Figure, size: FigureSize, provenance: Provenance | None) -> bytes:
    data = _saved(figure, "eps", 72.0, {"Creator": "LazyGUI"})
    # The only thing that a second export would change.
    data = with_packed_images(re.sub(rb"(?m)^%%CreationDate:.*\n", b"", data, count=1))
    lines = "".join(f"% {line}\n" for line in _comments(provenance)).encode("ascii", "replace")
    return data.replace(b"%%EndComments\n", b"%%EndComments\n" + lines, 1)


def _comments(provenance: Provenance | None) -> tuple[str, ...]:
    return () if provenance is None else provenance.comment_lines(_COMMENT)


_WRITERS: dict[str, Callable[[Figure, FigureSize, Provenance | None], bytes]] = {
    "pdf": _pdf,
    "svg": _svg,
    "pgf": _pgf,
    "eps": _eps,
    "png": _png,
}


def with_font(size: FigureSize, font: float | None) -> FigureSize:
    """The size with type of another size; the same for None."""
    return size if font is None else replace(size, font=checked_font(font))
