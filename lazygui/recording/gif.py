"""GIF through PyAV: one palette for the whole film, so that colours don't flicker."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from lazygui.export.animation_record import with_comment
from lazygui.export.provenance import Provenance
from lazygui.recording.film import Film
from lazygui.recording.formats import FORMATS
from lazygui.recording.staging import StagedFile
from lazygui.recording.video import THREADS, add_stream, library, pixels_of

# Without dithering: its noise would be stored anew with each frame.
PALETTE = "max_colors=256:stats_mode=full:reserve_transparent=0"
USE = "dither=none:diff_mode=rectangle"


class Gif:
    """The palette is known only after the last picture: they wait, without loss, in a file."""

    def __init__(self, path: Path, film: Film, provenance: Provenance) -> None:
        self._av = library()
        self._film, self._provenance = film, provenance
        self._file = StagedFile(path)
        self._waiting: StagedFile | None = None
        self._container: Any = None
        self._colours: list[Any] = []
        self._count = 0
        self._base = Fraction(1, film.fps)
        try:
            self._waiting = StagedFile(path, ".mkv")
            self._open_waiting()
            self._palette = self._graph([("palettegen", PALETTE)])
        except BaseException:
            self.discard()
            raise

    def _open_waiting(self) -> None:
        assert self._waiting is not None
        self._container = self._av.open(str(self._waiting.path), "w", format="matroska")
        stream = self._stream = self._container.add_stream("libx264rgb", rate=self._film.fps)
        stream.width, stream.height = self._film.width, self._film.height
        stream.pix_fmt = "bgr0"
        stream.options = {"qp": "0", "preset": "ultrafast"}
        stream.codec_context.thread_count = THREADS

    def _graph(self, filters: list[tuple[str, str]], second: Any = None) -> Any:
        """A chain from a buffer of pictures to a sink; `second` is the palette beside them."""
        graph = self._av.filter.Graph()
        film = self._film
        source = graph.add_buffer(
            width=film.width, height=film.height, format="bgra", time_base=self._base
        )
        last = source
        for name, options in filters:
            item = graph.add(name, options)
            last.link_to(item)
            last = item
        if second is not None:
            palette = graph.add_buffer(
                width=second.width, height=second.height, format=second.format.name,
                time_base=self._base,
            )  # fmt: skip
            palette.link_to(last, 0, 1)
        last.link_to(graph.add("buffersink"))
        graph.configure()
        if second is not None:
            second.pts, second.time_base = 0, self._base
            palette.push(second)
            palette.push(None)
        self._source = source
        return graph

    def write(self, picture: QImage) -> None:
        """Count the colours and put the picture by."""
        frame = self._frame(pixels_of(picture))
        self._source.push(frame)
        # Filters work when they are asked; until then pictures would pile up before them.
        self._colours += list(_ready(self._av, self._palette))
        self._container.mux(self._stream.encode(frame.reformat(format="bgr0")))
        self._count += 1

    def _frame(self, pixels: Any) -> Any:
        frame = self._av.VideoFrame.from_ndarray(pixels, format="bgra")
        frame.pts, frame.time_base = self._count, self._base
        return frame

    def close(self) -> tuple[Path, ...]:
        """Take the pictures out again and write them in the palette of all."""
        self._source.push(None)
        palette = (self._colours + list(_ready(self._av, self._palette)))[0]
        container, self._container = self._container, None
        try:
            container.mux(self._stream.encode())
        finally:
            container.close()
        self._write_all(palette)
        assert self._waiting is not None
        self._waiting.discard()
        data = with_comment(self._file.path.read_bytes(), self._provenance.to_json())
        self._file.path.write_bytes(data)
        self._file.commit()
        return (self._file.target,)

    def _write_all(self, palette: Any) -> None:
        graph = self._graph([("paletteuse", USE)], palette)
        options = {"loop": "0", "fflags": "+bitexact"}
        with self._av.open(str(self._file.path), "w", format="gif", options=options) as target:
            stream = add_stream(target, FORMATS["gif"], self._film)
            for frame in self._kept():
                self._source.push(frame)
                for indexed in _ready(self._av, graph):
                    target.mux(stream.encode(indexed))
            self._source.push(None)
            for indexed in _ready(self._av, graph):
                target.mux(stream.encode(indexed))
            target.mux(stream.encode())

    def _kept(self) -> Iterator[Any]:
        assert self._waiting is not None
        with self._av.open(str(self._waiting.path)) as source:
            for number, frame in enumerate(source.decode(video=0)):
                frame = frame.reformat(format="bgra")
                frame.pts, frame.time_base = number, self._base
                yield frame

    def discard(self) -> None:
        """Remove both files."""
        if self._container is not None:
            with contextlib.suppress(Exception):
                self._container.close()
            self._container = None
        for file in (self._file, self._waiting):
            if file is not None:
                file.discard()


def _ready(av: Any, graph: Any) -> Iterator[Any]:
    """The pictures that the filters have finished."""
    while True:
        try:
            yield graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
