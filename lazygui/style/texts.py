"""Marking texts for translation where they are declared, not where they are shown."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """The text itself; `pyside6-lupdate` collects it under `context`.

    Qt's own function of this name is declared to return an object, which no text may be.
    """
    return text
