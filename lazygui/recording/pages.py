"""A film as pages of a vector PDF, and the lines that animate them in beamer."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QSizeF, QUuid
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from lazygui.export.atomic import ExportError, write_bytes
from lazygui.export.provenance import Provenance, xmp
from lazygui.recording.film import Film
from lazygui.recording.player import Frame
from lazygui.recording.staging import StagedFile, unwritable

DPI = 96  # that of the layout: axes replay pictures recorded at it
_DATE = re.compile(rb"/(CreationDate|ModDate) ?\(D:(\d{14})")

TEX = r"""% The pages of {name} in a beamer slide, in one of two ways.
% {record}
%
% 1. An animation, for viewers that run JavaScript, as Acrobat and Okular do:
%      \usepackage{{animate}}
\animategraphics[controls, width=\linewidth]{{{fps}}}{{{stem}}}{{}}{{}}
%
% 2. One page per overlay, for every viewer (take out the comment signs):
%      \usepackage{{graphicx, pgffor}}
% \foreach \page in {{1,...,{pages}}}{{%
%   \includegraphics<\page>[width=\linewidth, page=\page]{{{stem}}}%
% }}
"""


class Pages:
    """Draws every frame on a page of its own; frames that show the same share one."""

    def __init__(self, path: Path, film: Film, provenance: Provenance) -> None:
        self._film, self._provenance, self._path = film, provenance, path
        self._file: StagedFile | None = StagedFile(path)
        self._writer = QPdfWriter(str(self._file.path))
        self._painter = QPainter()
        self._pages = 0
        self._describe(film, provenance)

    def _describe(self, film: Film, provenance: Provenance) -> None:
        self._writer.setResolution(DPI)
        width, height = film.logical_size
        size = QPageSize(QSizeF(width / DPI, height / DPI), QPageSize.Unit.Inch, "film",
                         QPageSize.SizeMatchPolicy.ExactMatch)  # fmt: skip
        self._writer.setPageLayout(
            QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
        )
        self._writer.setTitle(provenance.title)
        self._writer.setCreator(provenance.program)
        self._writer.setDocumentId(QUuid.createUuidV5(QUuid(), provenance.hash.encode()))
        self._writer.setDocumentXmpMetadata(QByteArray(xmp(provenance)))

    def put(self, frame: Frame) -> None:
        """Draw the frame on the next page."""
        if self._pages == 0:
            if not self._painter.begin(self._writer):
                raise unwritable(self._path, OSError("the PDF can't be opened"))
        elif not self._writer.newPage():
            raise unwritable(self._path, OSError("the disk took only part of it"))
        frame.paint(self._painter)
        self._pages += 1

    def finish(self) -> tuple[Path, ...]:
        """Write the PDF, and the .tex beside it."""
        file, self._file = self._file, None
        assert file is not None
        if not self._painter.end():
            file.discard()
            raise unwritable(self._path, OSError("the disk took only part of it"))
        try:
            data = file.path.read_bytes()
            if not data.rstrip().endswith(b"%%EOF"):
                raise OSError("the disk took only part of it")
            day = self._provenance.date.replace("-", "").encode() + b"000000"
            file.path.write_bytes(_DATE.sub(rb"/\1 (D:" + day, data))
        except OSError as error:
            file.discard()
            raise unwritable(self._path, error) from None
        file.commit()
        return (self._path, self._write_tex())

    def _write_tex(self) -> Path:
        tex = self._path.with_suffix(".tex")
        text = TEX.format(
            name=self._path.name, stem=self._path.stem, fps=self._film.fps, pages=self._pages,
            record=self._provenance.summary(),
        )  # fmt: skip
        try:
            write_bytes(tex, text.encode())
        except ExportError as error:
            raise ExportError(f"{self._path} is written; {error}") from None
        return tex

    def discard(self) -> None:
        """Remove what was written."""
        if self._painter.isActive():
            self._painter.end()
        if self._file is not None:
            self._file.discard()
            self._file = None
