"""A film as numbered PNG pictures."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from lazygui.export.atomic import ExportError
from lazygui.export.provenance import Provenance, stamp_png
from lazygui.recording.film import Film
from lazygui.recording.formats import has_number
from lazygui.recording.staging import StagedFolder

PATTERN = "frame-%04d.png"


class Pictures:
    """Writes into a folder beside the target, which the pictures enter together at the end."""

    def __init__(self, path: Path, film: Film, provenance: Provenance) -> None:
        numbered = path.suffix.lower() == ".png" and has_number(path)
        self._pattern = path.name if numbered else PATTERN
        target = path.parent if numbered else path
        refuse_mixing(target, self._pattern if numbered else "")
        self._provenance = provenance
        self._count = 0
        self._folder = StagedFolder(target)

    def write(self, picture: QImage) -> None:
        """Write one picture with the record of the run."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(b"png"))
        if not writer.write(picture):
            raise ExportError(f"Cannot write a picture: {writer.errorString()}.")
        name = self._pattern % self._count
        data = stamp_png(bytes(buffer.data().data()), self._provenance)
        (self._folder.path / name).write_bytes(data)
        self._count += 1

    def close(self) -> tuple[Path, ...]:
        """Move the pictures to where they belong."""
        self._folder.commit()
        return (self._folder.target,)

    def discard(self) -> None:
        """Remove the pictures."""
        self._folder.discard()


def refuse_mixing(folder: Path, pattern: str) -> None:
    """Raises ExportError when pictures of another film would stay among those of this one."""
    if not os.path.isdir(folder):  # false, too, for a name that no folder can have
        return
    names = {file.name for file in folder.iterdir()}
    if pattern:
        start, end = pattern.partition("%")[0], pattern[-4:]
        names = {name for name in names if name.startswith(start) and name.endswith(end)}
    if names:
        what = "pictures of that name" if pattern else "files"
        raise ExportError(
            f"{folder} holds {what} already; choose another folder or name, or empty it first."
        )
