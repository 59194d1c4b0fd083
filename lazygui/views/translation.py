"""Texts of classes, marked for translation where they are written and translated where shown."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """The text itself. Qt's own function of this name, which its tools look for, has no type."""
    return text
