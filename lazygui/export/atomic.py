"""Writing files so that the old one survives whatever happens."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


class ExportError(OSError):
    """A file that could not be written; the message is the sentence for the user."""


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, then renamed over it.

    A symbolic link is followed. Raises ExportError naming the file, the reason and the remedy.
    """
    try:
        target = Path(os.path.realpath(path))
        _replace(target, content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(
            f"Cannot write {path} ({len(content)} bytes): {reason}. Choose another folder or name."
        ) from None


def _replace(target: Path, content: bytes) -> None:
    if target.exists() and not target.is_file():
        raise OSError("it is a folder or a device")
    descriptor, name = tempfile.mkstemp(prefix=".lazygui-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if os.path.getsize(name) != len(content):
            raise OSError("the disk took only part of it")
        os.chmod(name, permissions(target))
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def permissions(target: Path) -> int:
    """Those of the file replaced, or of a new file under the user's umask."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def make_folder(path: Path) -> None:
    """Create a folder that can be written to. Raises ExportError with the reason and the remedy."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(
            f"Cannot write into the folder {path}: {reason}. Choose another."
        ) from None
