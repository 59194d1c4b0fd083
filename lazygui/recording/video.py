"""MP4, WebM and WebP through PyAV."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from lazygui.export.animation_record import with_xmp
from lazygui.export.atomic import ExportError
from lazygui.export.provenance import Provenance, container_tags, xmp
from lazygui.recording.film import Film
from lazygui.recording.formats import Format
from lazygui.recording.staging import StagedFile

# The bits of a film don't depend on how many cores there are.
THREADS = 2
KEY_SECONDS = 1.0
BT709, LIMITED = 1, 1

OPTIONS: dict[str, dict[str, str]] = {
    "libx264": {"crf": "17", "preset": "veryfast", "profile": "high"},
    "libvpx-vp9": {
        "crf": "24", "b": "0", "deadline": "good", "cpu-used": "5", "row-mt": "1", "g": "60"
    },
    "libwebp_anim": {"quality": "90", "compression_level": "2", "loop": "0"},
}  # fmt: skip
CONTAINERS: dict[str, dict[str, str]] = {
    "mp4": {"movflags": "+faststart"},
    "webm": {},
    "webp": {"loop": "0"},
}


def library() -> Any:
    """PyAV. Raises ExportError when it is not installed or can't be loaded."""
    try:
        import av
        import av.filter
    except Exception as error:
        raise ExportError(
            f"Films need PyAV, which can't be loaded ({error}): install it with  pip install av , "
            "or choose PDF or PNG."
        ) from None
    av.logging.set_level(av.logging.PANIC)
    return av


def pixels_of(picture: QImage) -> NDArray[np.uint8]:
    """The picture as rows of blue, green, red and a byte without meaning."""
    height, stride = picture.height(), picture.bytesPerLine()
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(height, stride)
    return rows[:, : 4 * picture.width()].reshape(height, picture.width(), 4)


def add_stream(container: Any, kind: Format, film: Film) -> Any:
    """A video stream for a film. Raises ExportError when PyAV lacks the encoder."""
    try:
        stream = container.add_stream(kind.codec, rate=film.fps)
    except Exception as error:
        raise ExportError(
            f"This PyAV has no encoder for {kind.name} ({error}): install the one from  "
            "pip install av , or choose another format."
        ) from None
    stream.width, stream.height = film.width, film.height
    stream.pix_fmt = kind.pixels
    return stream


class Video:
    """One video stream, encoded as the pictures come."""

    def __init__(self, path: Path, film: Film, kind: Format, provenance: Provenance) -> None:
        self._av = library()
        self._kind, self._provenance = kind, provenance
        self._file = StagedFile(path)
        self._container: Any = None
        self._count = 0
        try:
            self._open(film)
        except BaseException:
            self.discard()
            raise

    def _open(self, film: Film) -> None:
        kind = self._kind
        self._container = self._av.open(
            str(self._file.path),
            "w",
            format=kind.name,
            options={"fflags": "+bitexact", **CONTAINERS[kind.name]},
        )
        self._container.metadata.update(container_tags(self._provenance))
        stream = self._stream = add_stream(self._container, kind, film)
        stream.options = dict(OPTIONS[kind.codec])
        context = stream.codec_context
        context.thread_count = THREADS
        context.gop_size = max(1, round(KEY_SECONDS * film.fps))
        if kind.even:
            # Players take what doesn't say it for HD colours, so that is what it is and says.
            context.colorspace = context.color_primaries = context.color_trc = BT709
            context.color_range = LIMITED

    def write(self, picture: QImage) -> None:
        """Convert and encode one picture."""
        frame = self._av.VideoFrame.from_ndarray(pixels_of(picture), format="bgra")
        frame = frame.reformat(
            format=self._kind.pixels,
            dst_colorspace="ITU709" if self._kind.even else None,
            dst_color_range="MPEG" if self._kind.even else None,
        )
        frame.pts = self._count
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def close(self) -> tuple[Path, ...]:
        """Write what is delayed, and the index."""
        container, self._container = self._container, None
        try:
            container.mux(self._stream.encode())
        finally:
            container.close()
        if self._kind.name == "webp":
            data = with_xmp(self._file.path.read_bytes(), xmp(self._provenance))
            self._file.path.write_bytes(data)
        self._file.commit()
        return (self._file.target,)

    def discard(self) -> None:
        """Close what is open, whatever it says, and remove it."""
        if self._container is not None:
            with contextlib.suppress(Exception):
                self._container.close()
            self._container = None
        self._file.discard()
