"""What takes the frames of a film and makes a file of them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from lazygui.export.provenance import Provenance
from lazygui.recording.film import Film
from lazygui.recording.formats import Format
from lazygui.recording.player import Frame


class Sink(Protocol):
    """Takes frames in order; the file appears under its name when `finish` returns."""

    def put(self, frame: Frame) -> None:
        """Take the next frame. Raises ExportError when it cannot be written."""

    def finish(self) -> tuple[Path, ...]:
        """Complete the file and return what was written. Raises ExportError."""

    def discard(self) -> None:
        """Leave nothing behind. Harmless after `finish`, and twice."""


def open_sink(path: Path, film: Film, kind: Format, provenance: Provenance) -> Sink:
    """The sink for a file. Raises ExportError when it can't be written."""
    if kind.name == "pdf":
        from lazygui.recording.pages import Pages

        return Pages(path, film, provenance)
    from lazygui.recording.encoder import Encoder

    if kind.name == "png":
        from lazygui.recording.pictures import Pictures

        return Encoder(path, Pictures(path, film, provenance))
    if kind.name == "gif":
        from lazygui.recording.gif import Gif

        return Encoder(path, Gif(path, film, provenance))
    from lazygui.recording.video import Video

    return Encoder(path, Video(path, film, kind, provenance))
