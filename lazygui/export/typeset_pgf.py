"""PGF without a TeX installation: texts are measured by mathtext, and set by the document."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from lazygui.export.typeset_images import packed, predictor
from lazygui.export.typeset_type import extent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USE = (
    r"Use it by \input{FILE.pgf} in a document with \usepackage{pgf}: it takes its fonts.",
    "Images show under engines that write PDF (pdfLaTeX, LuaLaTeX); for dvips take the EPS.",
)


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

        def draw_image(
            self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Any = None
        ) -> None:
            self.fh.write("\\begin{pgfscope}%\n")
            self._print_pgf_clip(gc)  # type: ignore[no-untyped-call]
            across, _, _, up, left, low = transform.frozen().to_values()
            unit = 72.0 / self.dpi
            box = ((x + left) * unit, (y + low) * unit, across * unit, up * unit)
            self.fh.write(image_lines(im[::-1, :, :3], box) + "\\end{pgfscope}%\n")

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


def image_lines(rgb: np.ndarray, box: tuple[float, float, float, float]) -> str:
    """Colours (rows, columns, 3), top row first, in a box of points: left, bottom, width, height.

    An inline image of PDF, which pgf hands on under every engine that writes PDF. Angle brackets
    are letters by \\string, since some languages make them commands.
    """
    left, low, width, height = box
    rows, columns = rgb.shape[:2]
    angle = (r"\string<" * 2, r"\string>" * 2)
    head = (
        rf"\pgfsys@transformcm{{{width:f}}}{{0}}{{0}}{{{height:f}}}{{{left:f}bp}}{{{low:f}bp}}%",
        r"\def\lazyguidvips{pgfsys-dvips.def}%",
        r"\ifx\pgfsysdriver\lazyguidvips\typeout{LazyGUI: dvips can't show an image; use EPS}%",
        rf"\else\pgfsys@invoke{{BI /W {columns} /H {rows} /CS /RGB /BPC 8 /F [/AHx /Fl]",
        f"/DP [null {angle[0]} {predictor(columns)} {angle[1]}] ID",
    )
    letters = packed(rgb).hex("\n", -60)
    return "\n".join((*head, letters, r"\string> EI}\fi%")) + "\n"


_ESCAPED = re.compile(r"(?<!\\)([&#_%])")


def tex(text: str) -> str:
    """The same text with what TeX takes for a command outside mathematics escaped."""
    parts = re.split(r"((?<!\\)\$[^$]*\$)", text)
    parts[::2] = [_ESCAPED.sub(r"\\\1", part) for part in parts[::2]]
    return "".join(parts)
