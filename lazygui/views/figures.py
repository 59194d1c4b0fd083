"""Figures of views: typeset or as seen, one view or several in a grid.

A figure is prepared in the thread of the views and finished, where it is typeset, in any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lazygui.export.drawing import Drawing, Place, Sheet
from lazygui.export.provenance import Provenance, provenance_of
from lazygui.export.sizes import DEFAULT, PRESETS, FigureSize, dots_per_inch
from lazygui.export.typeset import BACKGROUNDS, FORMATS, render
from lazygui.simulation.history import History
from lazygui.style.themes import THEMES, Theme
from lazygui.views.as_seen import Mount, image_of, mounted, pdf_bytes, png_bytes, scaled
from lazygui.views.view import View

SEEN_FORMATS = ("pdf", "png")
Source = tuple[View, Place]
ALONE: Place = (0, 0, 1, 1)
DOTS = 96  # per inch, by which the pixels of the themes are meant


@dataclass(frozen=True)
class FigureSpec:
    """How a figure is made; without a `theme` the background chooses one."""

    form: str = "pdf"
    size: FigureSize = PRESETS[DEFAULT].size
    background: str = "light"
    typeset: bool = True
    theme: str = ""

    def check(self) -> FigureSpec:
        """The same. Raises ValueError for a format or a background that there isn't."""
        known = FORMATS if self.typeset else SEEN_FORMATS
        if self.form not in known:
            kind = "typeset" if self.typeset else "as seen"
            raise ValueError(
                f"'{self.form}' is no format of a figure {kind}; choose one of {', '.join(known)}"
            )
        if self.background not in BACKGROUNDS:
            raise ValueError(
                f"'{self.background}' is no background; choose one of {', '.join(BACKGROUNDS)}"
            )
        return self

    @property
    def colours(self) -> Theme:
        """The theme whose colours it has, with type of the size that it asks for."""
        name = self.theme or ("dark" if self.background == "dark" else "light")
        return scaled(THEMES[name], self.size.font)


@dataclass(frozen=True)
class Prepared:
    """A figure that needs nothing of the views any more."""

    spec: FigureSpec
    provenance: Provenance | None
    picture: Drawing | Sheet | None = None
    seen: bytes = b""

    def finish(self, form: str = "") -> bytes:
        """The file, in the format of the spec or another one. Raises ValueError, ExportError."""
        if self.picture is None:
            return self.seen
        spec = self.spec
        return render(
            self.picture,
            form or spec.form,
            spec.size,
            background=spec.background,
            provenance=self.provenance,
        )


def prepare(sources: Sequence[Source], spec: FigureSpec, *, stamped: bool = True) -> Prepared:
    """A figure of these views, whose runs are as they are now.

    Raises ValueError for what can't be made and ExportError for a picture too large.
    """
    spec.check()
    theme = spec.colours
    history = sources[0][0].history
    record = provenance_of(history) if stamped and history is not None else None
    # What is seen has the type of the screen, whose dots may be finer.
    dots = DOTS if spec.typeset else sources[0][0].logicalDpiX()
    theme = replace(theme, line_scale=theme.line_scale * dots / DOTS)
    mount = mounted(sources, theme, round(spec.size.width * dots), round(spec.size.height * dots))
    try:
        if spec.typeset:
            return Prepared(spec, record, picture=_picture(mount, [place for _, place in sources]))
        return Prepared(spec, record, seen=_seen(mount, spec, record))
    finally:
        mount.drop()


def _picture(mount: Mount, places: Sequence[Place]) -> Drawing | Sheet:
    drawings = [view.drawing() for view in mount.views]
    if len(drawings) == 1:
        return drawings[0]
    return Sheet(tuple(zip(drawings, places, strict=True)))


def _seen(mount: Mount, spec: FigureSpec, record: Provenance | None) -> bytes:
    if spec.background == "transparent":
        mount.clear_ground()
    if spec.form == "pdf":
        return pdf_bytes(mount, record)
    dots = dots_per_inch(spec.size)
    return png_bytes(image_of(mount, dots / mount.logicalDpiX()), dots, record)


def sources_of(
    names: Sequence[str], history: History, places: Sequence[Place], theme: Theme
) -> list[Source]:
    """Views of a run by their names, never shown, at their places. Raises KeyError."""
    from lazygui.views.registry import view_class

    views = [view_class(name)(theme) for name in names]
    for view in views:
        view.begin(history)
    return list(zip(views, places, strict=True))


def preview_of(spec: FigureSpec, pixels: int) -> FigureSpec:
    """The same figure as a PNG whose longer side has so many pixels."""
    dots = pixels / max(spec.size.width, spec.size.height)
    return replace(spec, form="png", size=replace(spec.size, dots=dots))
