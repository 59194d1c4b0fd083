from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from lazygui.panels.formula_view import FormulaView
from lazygui.panels.note_panel import NotePanel
from lazygui.scenarios.catalogue import entries
from lazygui.style.themes import THEMES


@pytest.fixture
def panel(qtbot: QtBot) -> NotePanel:
    made = NotePanel()
    qtbot.addWidget(made)
    made.resize(260, 300)
    made.show()
    return made


def label(panel: NotePanel, name: str) -> QLabel:
    found = panel.findChild(QLabel, name)
    assert found is not None
    return found


def formula(panel: NotePanel) -> FormulaView:
    found = panel.findChild(FormulaView)
    assert found is not None
    return found


def test_note_is_shown(qtbot: QtBot, panel: NotePanel) -> None:
    panel.set_note("Title", r"\eta < \frac{2}{\lambda}", "<b>Text</b>", "a slip")
    assert label(panel, "note-title").text() == "Title"
    assert label(panel, "note-text").text() == "<b>Text</b>"
    assert "a slip" in label(panel, "note-slip").text()
    assert not label(panel, "note-slip").isHidden()
    assert formula(panel).accessibleName() == "η < (2)/(λ)"
    qtbot.waitUntil(formula(panel).is_typeset, timeout=5000)


def test_nothing_takes_no_room(panel: NotePanel) -> None:
    panel.set_note("Title", "", "Text", "")
    assert formula(panel).isHidden()
    assert label(panel, "note-slip").isHidden()


def test_every_formula_of_the_lecture_fits(qtbot: QtBot, panel: NotePanel) -> None:
    for entry in entries():
        panel.set_note(entry.title, entry.formula, entry.note, entry.slip)
        qtbot.waitUntil(formula(panel).is_typeset, timeout=5000)
        view = formula(panel)
        assert view.width() <= panel.width()
        assert 16 <= view.height() <= 200, entry.id


def test_a_bad_formula_falls_back_to_letters(qtbot: QtBot, panel: NotePanel) -> None:
    panel.set_note("Title", r"\frac{1}{", "", "")
    qtbot.wait(200)
    assert not formula(panel).is_typeset()
    assert not formula(panel).grab().isNull()


def test_the_newest_formula_wins(qtbot: QtBot, panel: NotePanel) -> None:
    for latex in ("a", "b", r"\frac{a}{b}"):
        panel.set_note("Title", latex, "", "")
    qtbot.waitUntil(formula(panel).is_typeset, timeout=5000)
    qtbot.wait(50)
    tall = formula(panel).height()
    panel.set_note("Title", "a", "", "")
    qtbot.waitUntil(formula(panel).is_typeset, timeout=5000)
    assert formula(panel).height() < tall


def test_deleting_the_panel_waits_for_nothing(qtbot: QtBot) -> None:
    for _ in range(5):
        panel = NotePanel()
        panel.set_note("Title", r"\int_0^1 \frac{a}{b}", "", "")
        panel.set_theme(THEMES["dark"])
        panel.deleteLater()
        qtbot.wait(1)
