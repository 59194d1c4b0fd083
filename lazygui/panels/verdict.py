"""How the verdict of a check is shown: an icon, a word and a colour."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from lazygui.claims.claim import Verdict
from lazygui.style.texts import QT_TRANSLATE_NOOP
from lazygui.style.themes import Theme

NOT_CHECKED = QT_TRANSLATE_NOOP("verdict", "not checked")


def badge(verdict: Verdict | None, theme: Theme) -> tuple[str, str]:
    """Icon name and colour, never by colour alone; None is a claim that nobody has checked."""
    return {
        None: ("pending", theme.theory),
        Verdict.PENDING: ("pending", theme.warn),
        Verdict.HOLDS: ("check", theme.good),
        Verdict.FAILS: ("fail", theme.bad),
    }[verdict]


def ground(verdict: Verdict | None, theme: Theme) -> str:
    """The ground on which the badge's colour is readable as text."""
    return {
        None: theme.window,
        Verdict.PENDING: theme.surface,
        Verdict.HOLDS: theme.good_soft,
        Verdict.FAILS: theme.bad_soft,
    }[verdict]


def word(verdict: Verdict | None) -> str:
    """The verdict in the user's language."""
    text = NOT_CHECKED if verdict is None else verdict.value
    return QCoreApplication.translate("verdict", text)
