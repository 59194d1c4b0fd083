"""What a check says of a claim, and the badge that shows it."""

from __future__ import annotations

from enum import Enum

from lazygui.style.themes import Theme


class Verdict(Enum):
    """The state of the check of an entry's claims; the value is its name to the reader."""

    NONE = "not checked"
    PENDING = "being checked"
    HOLDS = "holds"
    FAILS = "fails"


def badge(verdict: Verdict, theme: Theme) -> tuple[str, str]:
    """Icon name and colour: never by colour alone."""
    return {
        Verdict.NONE: ("pending", theme.theory),
        Verdict.PENDING: ("pending", theme.warn),
        Verdict.HOLDS: ("check", theme.good),
        Verdict.FAILS: ("fail", theme.bad),
    }[verdict]
