"""Finding the record of a run in a file, whatever the file is."""

from __future__ import annotations

import json
import mmap
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lazygui.export.atomic import ExportError

# Every record begins like this: its keys are sorted, and capitals come first.
MARK = b'{"LazyGUI":'
LARGEST = 4_000_000
_GIF = (b"GIF87a", b"GIF89a")
_GIF_COMMENT = b"\x21\xfe"
_CONTINUED = re.compile(rb"\r?\n[#%]+ json: ")


def records_in(path: Path) -> Iterator[str]:
    """Texts that may be the record, the likeliest first; none when there is no sign of one.

    Raises ExportError when the file cannot be read.
    """
    try:
        if path.is_dir():
            yield from _in_folder(path)
        elif not path.is_file():
            what = "it is a device, not a file" if path.exists() else "there is no such file"
            raise ExportError(f"Cannot read {path}: {what}.")
        elif zipfile.is_zipfile(path):
            yield from _in_archive(path)
        elif path.stat().st_size:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m:
                yield from _in_bytes(m)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, ExportError):
            raise
        raise ExportError(
            f"Cannot read {path}: {getattr(error, 'strerror', None) or error}."
        ) from None


def _in_bytes(data: bytes | mmap.mmap) -> Iterator[str]:
    if data[:6] in _GIF:
        yield from _in_gif_comments(data)
        return
    start = data.find(MARK)
    if start < 0:
        return
    content = _CONTINUED.sub(b"", data[start : start + LARGEST])
    # A PDF writes a backslash as two.
    for candidate in (content, content.replace(b"\\\\", b"\\")):
        text = _whole(candidate.decode("latin-1"))
        if text is not None:
            yield text
    if _whole(content.decode("latin-1")) is None:
        yield ""  # a mark without a record: damaged, which differs from none


def _whole(text: str) -> str | None:
    """The JSON value that `text` begins with."""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return text[:end]


def _in_gif_comments(data: bytes | mmap.mmap) -> Iterator[str]:
    """A comment of a GIF is a chain of blocks of up to 255 bytes, each after its length."""
    place = data.find(_GIF_COMMENT)
    while place >= 0:
        text, at = bytearray(), place + 2
        while at < len(data) and data[at] and len(text) < LARGEST:
            text += data[at + 1 : at + 1 + data[at]]
            at += 1 + data[at]
        if text.startswith(MARK):
            yield text.decode("latin-1")
            return
        place = data.find(_GIF_COMMENT, place + 2)


def _in_archive(path: Path) -> Iterator[str]:
    """The record of an NPZ; of other archives that of the first file that has one."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if "provenance.npy" in names:
            with archive.open("provenance.npy") as file:
                yield str(np.lib.format.read_array(file, allow_pickle=False).item())
            return
        for name in names:
            with archive.open(name) as file:
                found = list(_in_bytes(file.read(LARGEST)))
            if found:
                yield from found
                return


def _in_folder(folder: Path) -> Iterator[str]:
    """The record of the first table in a folder of results."""
    for name in ("history.csv", "sweep.csv"):
        if (folder / name).is_file():
            yield from records_in(folder / name)
