"""The folder in which the window keeps unfinished sweeps: what nobody comes back for goes."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

OLDEST = 30 * 24 * 3600.0  # seconds since the last run was added
MOST_BYTES = 200_000_000
PATTERN = "sweep-*.csv"


def hold(file: IO[bytes]) -> None:
    """Mark an open ledger as in use, for this and every other process, until it is closed."""
    if sys.platform != "win32":  # there, an open file cannot be removed anyway
        import fcntl

        # Some shared file systems know no locks: then age alone protects a ledger.
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


def tidy(
    folder: Path, oldest: float = OLDEST, most: int = MOST_BYTES, now: float | None = None
) -> list[Path]:
    """Remove the ledgers older than `oldest` seconds, then the oldest ones beyond `most` bytes.

    One in use stays, whatever its age and size. Returns what was removed; never raises.
    """
    limit = (time.time() if now is None else now) - oldest
    ledgers = sorted(_ledgers(folder))
    total = sum(size for _, size, _ in ledgers)
    removed: list[Path] = []
    for changed, size, path in ledgers:
        if (changed < limit or total > most) and _removed(path):
            total -= size
            removed.append(path)
    return removed


def _ledgers(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Time of the last change, size and path of each."""
    with contextlib.suppress(OSError):
        for path in folder.glob(PATTERN):
            with contextlib.suppress(OSError):
                found = path.lstat()
                if stat.S_ISREG(found.st_mode):
                    yield found.st_mtime, found.st_size, path


def _removed(path: Path) -> bool:
    """Remove a ledger that nobody uses; whether it is gone."""
    try:
        with path.open("rb") as file:
            if _is_held(file):
                return False
            if os.name != "nt":
                path.unlink()
                return True
        path.unlink()
    except OSError:
        return False
    return True


def _is_held(file: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
