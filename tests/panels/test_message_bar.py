from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from lazygui.panels.message_bar import MessageBar
from lazygui.style.themes import THEMES, Theme

LONG = "a sentence that is much longer than the bar is wide <b>&</b> " * 5


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    made.resize(300, 40)
    return made


@pytest.mark.parametrize("level", ["info", "warn", "error"])
def test_message_is_shown_and_closed(bar: MessageBar, level: str) -> None:
    bar.show_message(level, "a sentence")
    assert (bar.isHidden(), bar.message()) == (False, "a sentence")
    close = bar.findChild(QToolButton, "message-bar-close")
    assert close is not None
    close.click()
    assert (bar.isHidden(), bar.message()) == (True, "")


def test_long_text_is_cut_and_kept_in_the_tooltip(bar: MessageBar) -> None:
    bar.show_message("warn", LONG)
    shown = bar.findChild(QLabel, "message-bar-text")
    assert shown is not None
    assert shown.text().endswith("…")
    assert "&lt;b&gt;" in bar.toolTip()
    assert bar.message() == LONG
    before = len(shown.text())
    bar.resize(600, 40)
    assert before < len(shown.text()) < len(LONG)


def test_unknown_level(bar: MessageBar) -> None:
    with pytest.raises(ValueError, match="'loud'"):
        bar.show_message("loud", "text")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_theme_keeps_the_message(bar: MessageBar, theme: Theme) -> None:
    bar.show_message("info", LONG)
    bar.set_theme(theme)
    assert bar.message() == LONG
    assert theme.accent in bar.styleSheet()
