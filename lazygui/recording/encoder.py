"""Encoding in a thread of its own, a few frames behind the drawing."""

from __future__ import annotations

import contextlib
import queue
import threading
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage

from lazygui.export.atomic import ExportError
from lazygui.recording.player import Frame
from lazygui.recording.staging import unwritable

WAITING = 6
PATIENCE = 0.2


class Writer(Protocol):
    """Makes a file of pictures; everything is called in the encoder's thread."""

    def write(self, picture: QImage) -> None:
        """Take the next picture."""

    def close(self) -> tuple[Path, ...]:
        """Complete the file and give it its name; returns what was written."""

    def discard(self) -> None:
        """Remove what was written so far."""


class Encoder:
    """A sink that hands the pictures of frames to a writer in another thread.

    A writer that fails stops the film at the next frame with its reason.
    """

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path, self._writer = path, writer
        self._queue: queue.Queue[QImage | None] = queue.Queue(WAITING)
        self._error: Exception | None = None
        self._stop = threading.Event()
        self._written: tuple[Path, ...] = ()
        self._last: tuple[object, QImage] | None = None
        self._thread = threading.Thread(target=self._encode, name="film-encoder", daemon=True)
        self._thread.start()

    def put(self, frame: Frame) -> None:
        """Draw the frame and queue it; waits while the encoder is behind."""
        key = (frame.shot, frame.step, frame.version)
        if self._last is None or self._last[0] != key:
            self._last = (key, frame.image())
        self._offer(self._last[1])

    def _offer(self, picture: QImage | None) -> None:
        while True:
            if self._error is not None:
                raise self._told()
            with contextlib.suppress(queue.Full):
                self._queue.put(picture, timeout=PATIENCE)
                return

    def finish(self) -> tuple[Path, ...]:
        """Wait until the file is whole."""
        self._offer(None)
        self._thread.join()
        if self._error is not None:
            raise self._told()
        return self._written

    def discard(self) -> None:
        """End the thread, which removes the file."""
        self._stop.set()
        self._thread.join()

    def _told(self) -> ExportError:
        error = self._error
        assert error is not None
        return error if isinstance(error, ExportError) else unwritable(self._path, error)

    def _encode(self) -> None:
        done = False
        try:
            while not self._stop.is_set():
                try:
                    picture = self._queue.get(timeout=PATIENCE)
                except queue.Empty:
                    continue
                if picture is None:
                    self._written = self._writer.close()
                    done = True
                    return
                self._writer.write(picture)
        except Exception as error:  # a library that encodes raises what it likes
            self._error = error
        finally:
            if not done:
                self._writer.discard()
