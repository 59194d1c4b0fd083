"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from lazygui.export.atomic import ExportError, permissions

ABANDONED_S = 3600.0
_TEMPORARY = re.compile(r"\.lazygui-([0-9]{1,9})-")


def prefix_of(process: int) -> str:
    """How the names of the temporary files of a process begin."""
    return f".lazygui-{process}-"


def remove_leftovers(folder: Path) -> None:
    """Remove from `folder` what films that were killed have left there.

    Only what belongs to no living process and hasn't changed for an hour: in a shared folder the
    process may be one of another machine.
    """
    import psutil

    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            number = _TEMPORARY.match(path.name)
            if number is None or psutil.pid_exists(int(number[1])):
                continue
            with contextlib.suppress(OSError):
                if time.time() - path.lstat().st_mtime > ABANDONED_S:
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()


class StagedFile:
    """A temporary file beside the target: `commit` renames it over the target.

    Raises ExportError naming the target, the reason and the remedy.
    """

    def __init__(self, target: Path, suffix: str = "") -> None:
        self.target = target
        try:
            self._real = Path(os.path.realpath(target))
            if self._real.exists() and not self._real.is_file():
                raise OSError("it is a folder or a device")
            remove_leftovers(self._real.parent)
            descriptor, name = tempfile.mkstemp(
                prefix=prefix_of(os.getpid()), suffix=suffix or target.suffix, dir=self._real.parent
            )
            os.close(descriptor)
        except (OSError, ValueError) as error:
            raise unwritable(target, error) from None
        self.path = Path(name)

    def commit(self) -> None:
        """Make it the target."""
        try:
            with self.path.open("rb") as file:
                os.fsync(file.fileno())
            os.chmod(self.path, permissions(self._real))
            os.replace(self.path, self._real)
        except OSError as error:
            self.discard()
            raise unwritable(self.target, error) from None

    def discard(self) -> None:
        """Leave no trace."""
        with contextlib.suppress(OSError):
            self.path.unlink()


class StagedFolder:
    """A temporary folder beside the target folder, whose files move there at the end.

    Raises ExportError when the target holds files already, or cannot be made.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        try:
            self._real = Path(os.path.realpath(target))
            if self._real.exists() and not self._real.is_dir():
                raise OSError("it is a file")
            self._real.parent.mkdir(parents=True, exist_ok=True)
            remove_leftovers(self._real.parent)
            self.path = Path(tempfile.mkdtemp(prefix=prefix_of(os.getpid()), dir=self._real.parent))
        except (OSError, ValueError) as error:
            raise unwritable(target, error) from None

    def commit(self) -> None:
        """Move every file into the target."""
        try:
            self._real.mkdir(exist_ok=True)
            for file in sorted(self.path.iterdir()):
                os.chmod(file, permissions(file.with_name("new")))
                os.replace(file, self._real / file.name)
        except OSError as error:
            raise unwritable(self.target, error) from None
        finally:
            self.discard()

    def discard(self) -> None:
        """Leave no trace."""
        shutil.rmtree(self.path, ignore_errors=True)


def unwritable(target: Path, error: Exception) -> ExportError:
    """The sentence for a file that can't be written."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return ExportError(f"Cannot write {target}: {reason}. Choose another folder or name.")
