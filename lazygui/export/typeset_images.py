"""Pictures of a figure: images that every viewer shows alike, and scales of colours as vectors.

matplotlib writes the pixels of an EPS as text six times as long, and those of a PGF into a file of
their own. Here both hold them in the file itself, packed as in a PNG.
"""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

from lazygui.export.drawing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = 56  # of a scale of colours


def smoothed(rgba: np.ndarray, points: tuple[float, float], dots: float) -> np.ndarray:
    """A smooth image with pixels too small to be seen: viewers show large ones as squares."""
    rows, columns = rgba.shape[:2]
    wide, tall = (round(size / 72 * min(dots, 144.0)) for size in points)
    wide, tall = min(max(wide, columns), 1600), min(max(tall, rows), 1600)
    across = _between(rgba.astype(float), np.linspace(0, columns - 1, wide), 1)
    return np.asarray(_between(across, np.linspace(0, rows - 1, tall), 0).round(), dtype=np.uint8)


def repeated(rgba: np.ndarray, points: tuple[float, float], dots: float) -> np.ndarray:
    """Cells of many pixels each: some viewers blur the edges of large pixels, some don't."""
    fine = 2.0 * min(dots, 300.0) / 72.0
    times = [
        max(round(fine * p / size), 1) for p, size in zip(points, rgba.shape[1::-1], strict=True)
    ]
    most = [max(2400 // size, 1) for size in rgba.shape[1::-1]]
    return rgba.repeat(min(times[1], most[1]), axis=0).repeat(min(times[0], most[0]), axis=1)


def _between(values: np.ndarray, places: Array, axis: int) -> np.ndarray:
    first = np.minimum(places.astype(int), max(values.shape[axis] - 2, 0))
    share = (places - first).reshape(-1, *([1] * (values.ndim - 1 - axis)))
    second = np.minimum(first + 1, values.shape[axis] - 1)
    return np.asarray(values.take(first, axis) * (1.0 - share) + values.take(second, axis) * share)


def solid(rgba: np.ndarray, ground: tuple[float, float, float]) -> np.ndarray:
    """The image on its ground, given in [0, 1], for formats whose images aren't see-through."""
    share = rgba[..., 3:].astype(float) / 255
    shown = share * rgba[..., :3] + (1.0 - share) * 255 * np.array(ground)
    return np.concatenate([shown.round(), np.full_like(shown[..., :1], 255)], -1).astype(np.uint8)


def packed(rgb: np.ndarray) -> bytes:
    """Colours (rows, columns, 3) as a PNG packs them: each row less the one above it, deflated.

    PDF and PostScript unpack it by /FlateDecode with `predictor`.
    """
    rows = np.ascontiguousarray(rgb).reshape(len(rgb), -1)
    above = np.concatenate([np.zeros_like(rows[:1]), rows[:-1]])
    marked = np.concatenate([np.full((len(rows), 1), 2, dtype=np.uint8), rows - above], axis=1)
    return zlib.compress(marked.tobytes(), 9)


def predictor(columns: int) -> str:
    """What /FlateDecode must know about `packed`, between the brackets of a dictionary."""
    return f"/Predictor 15 /Colors 3 /Columns {columns}"


_PLAIN = re.compile(
    rb"/DataString \d+ string def\n(\d+) (\d+) 8 (\[.*\])\n\{\n"
    rb"currentfile DataString readhexstring pop\n\} bind false 3 colorimage\n([0-9a-f\n]*)"
)


def with_packed_images(eps: bytes) -> bytes:
    """The EPS of matplotlib with its images packed; PostScript of level 3 unpacks them."""
    return _PLAIN.sub(_repacked, eps)


def _repacked(match: re.Match[bytes]) -> bytes:
    columns, rows, matrix = int(match[1]), int(match[2]), match[3].decode()
    pixels = np.frombuffer(bytes.fromhex(match[4].decode()), dtype=np.uint8)
    letters = base64.a85encode(packed(pixels.reshape(rows, columns, 3)), wrapcol=120).decode()
    # A line that begins with a percent sign would be a comment about the document.
    data = "\n".join(f" {line}" if line[0] == "%" else line for line in letters.split("\n"))
    return (
        f"/DeviceRGB setcolorspace\n<< /ImageType 1 /Width {columns} /Height {rows}\n"
        f"/BitsPerComponent 8 /Decode [0 1 0 1 0 1] /ImageMatrix {matrix}\n"
        f"/DataSource currentfile /ASCII85Decode filter\n"
        f"<< {predictor(columns)} >> /FlateDecode filter >> image\n{data}~>\n"
    ).encode("ascii")


def evenly(size: int, count: int) -> np.ndarray:
    """The indices of `count` of `size` things, evenly chosen."""
    return ((np.arange(count) + 0.5) * (size / count)).astype(int)


def strip(
    axes: Axes, rgba: np.ndarray, box: tuple[float, float, float, float], order: float
) -> None:
    """A vertical scale of colours (k, 4) in shares of the axes, of vectors and without seams."""
    from matplotlib.patches import Rectangle

    left, low, width, height = box
    chosen = rgba[evenly(len(rgba), min(len(rgba), STEPS))]
    for k, colour in enumerate(chosen):
        start = low + height * k / len(chosen)
        # Each reaches to the top and is covered by the next: no hairline shows between them.
        part = Rectangle(
            (left, start),
            width,
            low + height - start,
            transform=axes.transAxes,
            facecolor=tuple(float(share) / 255 for share in colour[:3]),
            linewidth=0.0,
            zorder=order,
            clip_on=False,
        )
        axes.add_patch(part)
