"""Where the files that ship with the program lie."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(path: str) -> Path:
    """The file or folder `path` of the shipped resources.

    In a clone they lie beside the package, in an installed wheel inside it. Raises
    FileNotFoundError naming the path when neither has it.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        candidate = root / path
        if candidate.exists():
            return candidate
    raise FileNotFoundError(
        f"resource '{path}' is missing; install the package again, or run from a full clone"
    )
