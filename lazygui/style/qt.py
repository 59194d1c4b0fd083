"""Loading Qt so that what is imported after it costs no more than without it."""

from __future__ import annotations

import builtins

_HOOK = "__feature_import__"
_BEFORE = "__orig_import__"


def load_qt() -> None:
    """Import QtCore and take back the hook it puts before every later import.

    The hook reads the source of each module, to learn whether `from __feature__ import` in it asks
    for other names of Qt's methods; this program asks for none. The reading takes a fifth of the
    program's start and most of the pause in which torch loads, and keeps what it read.
    """
    import PySide6.QtCore  # noqa: F401

    if getattr(builtins.__import__, "__name__", "") == _HOOK:
        builtins.__import__ = getattr(builtins, _BEFORE)
