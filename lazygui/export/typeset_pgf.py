"""PGF without a TeX installation: texts are measured by mathtext, and set by the document."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from lazygui.export.typeset_type import extent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USE = (r"Use it by \input{FILE.pgf} in a document with \usepackage{pgf}: it takes its fonts.",)


def pgf_bytes(figure: Figure, comments: tuple[str, ...]) -> bytes:
    """The figure as a pgfpicture, the comments on top."""
    from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase
    from matplotlib.backends.backend_mixed import MixedModeRenderer
    from matplotlib.backends.backend_pgf import RendererPgf

    class Renderer(RendererPgf):
        """Measures text without LaTeX, which the original starts for each figure."""

        def get_text_width_height_descent(
            self, s: str, prop: Any, ismath: Any
        ) -> tuple[float, float, float]:
            width, height, depth = extent(s)
            points = prop.get_size_in_points()
            scale = points * self.dpi / 72.0
            return width * scale, (height + depth) * scale, depth * scale

        def draw_text(
            self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: Any, angle: float,
            ismath: Any = False, mtext: Any = None,
        ) -> None:  # fmt: skip
            super().draw_text(gc, x, y, tex(s), prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]

    FigureCanvasBase(figure)
    width, height = figure.get_figwidth(), figure.get_figheight()
    picture = io.StringIO()
    mixed: Any = MixedModeRenderer
    make: Any = Renderer
    figure.draw(mixed(figure, width, height, 72.0, make(figure, picture)))
    head = "".join(f"% {line}\n" for line in (*comments, *USE))
    size = rf"\pgfqpoint{{{width:f}in}}{{{height:f}in}}"
    start = (
        r"\begingroup\makeatletter\begin{pgfpicture}%",
        rf"\pgfpathrectangle{{\pgfpointorigin}}{{{size}}}%",
        r"\pgfusepath{use as bounding box, clip}%",
    )
    end = "\\end{pgfpicture}\\makeatother\\endgroup%\n"
    return (head + "\n".join(start) + "\n" + picture.getvalue() + end).encode("utf-8")


_ESCAPED = re.compile(r"(?<!\\)([&#_%])")


def tex(text: str) -> str:
    """The same text with what TeX takes for a command outside mathematics escaped."""
    parts = re.split(r"((?<!\\)\$[^$]*\$)", text)
    parts[::2] = [_ESCAPED.sub(r"\\\1", part) for part in parts[::2]]
    return "".join(parts)
