from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem
from pytestqt.qtbot import QtBot

from lazygui.claims.claim import Verdict
from lazygui.panels.catalogue_delegate import Part, break_lines
from lazygui.panels.catalogue_panel import CataloguePanel
from lazygui.panels.verdict import badge, word
from lazygui.scenarios.catalogue import entries
from lazygui.style import fonts
from lazygui.style.themes import THEMES, Theme
from tests.panels.keys import mouse, press, type_text


@pytest.fixture
def panel(qtbot: QtBot) -> CataloguePanel:
    made = CataloguePanel()
    qtbot.addWidget(made)
    made.resize(260, 2000)
    made.set_entries(entries())
    made.show()
    return made


@pytest.fixture
def chosen(panel: CataloguePanel) -> list[str]:
    seen: list[str] = []
    panel.chosen.connect(seen.append)
    return seen


def parts(panel: CataloguePanel) -> tuple[QListWidget, QLineEdit]:
    listed = panel.findChild(QListWidget, "catalogue-list")
    search = panel.findChild(QLineEdit, "catalogue-search")
    assert listed is not None
    assert search is not None
    return listed, search


def shown(panel: CataloguePanel, *, headings: bool = False) -> list[str]:
    listed, _ = parts(panel)
    items = [listed.item(row) for row in range(listed.count())]
    part = Qt.ItemDataRole.DisplayRole if headings else Part.ID
    return [
        item.data(part)
        for item in items
        if bool(item.data(Part.IS_HEADING)) == headings and not item.isHidden()
    ]


def item_of(panel: CataloguePanel, entry_id: str) -> QListWidgetItem:
    listed, _ = parts(panel)
    items = [listed.item(row) for row in range(listed.count())]
    return next(item for item in items if item.data(Part.ID) == entry_id)


def test_every_entry_under_its_section(panel: CataloguePanel) -> None:
    assert shown(panel) == [entry.id for entry in entries()]
    sections = list(dict.fromkeys(entry.section.upper() for entry in entries()))
    assert shown(panel, headings=True) == sections


def test_click_chooses_once(qtbot: QtBot, panel: CataloguePanel, chosen: list[str]) -> None:
    listed, _ = parts(panel)
    place = listed.visualItemRect(item_of(panel, "huber")).center()
    for kind in (
        QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease,
    ):  # fmt: skip
        mouse(listed.viewport(), kind, place.x(), place.y())
    assert chosen == ["huber"]
    assert panel.current() == "huber"


def test_heading_is_no_choice(panel: CataloguePanel, chosen: list[str]) -> None:
    listed, _ = parts(panel)
    place = listed.visualItemRect(listed.item(0)).center()
    mouse(listed.viewport(), QEvent.Type.MouseButtonPress, place.x(), place.y())
    mouse(listed.viewport(), QEvent.Type.MouseButtonRelease, place.x(), place.y())
    assert chosen == []


def test_arrows_move_and_enter_chooses(panel: CataloguePanel, chosen: list[str]) -> None:
    listed, _ = parts(panel)
    ids = [entry.id for entry in entries()]
    panel.set_current(ids[0])
    for _ in range(4):  # across the heading of the second section
        press(listed, Qt.Key.Key_Down)
    assert chosen == []
    assert panel.current() == ids[0]
    press(listed, Qt.Key.Key_Return)
    assert chosen == [ids[4]]


def test_search_hides_the_rest(panel: CataloguePanel, chosen: list[str]) -> None:
    _, search = parts(panel)
    type_text(search, "HUBER")
    found = shown(panel)
    assert "huber" in found
    assert "quadratic" not in found
    assert shown(panel, headings=True) == ["ONE DIMENSION"]
    press(search, Qt.Key.Key_Return)
    assert chosen == found[:1]
    press(search, Qt.Key.Key_Escape)
    assert len(shown(panel)) == len(entries())


def test_search_takes_all_words_in_any_order(panel: CataloguePanel) -> None:
    _, search = parts(panel)
    search.setText("network mean")
    assert "mean-field" in shown(panel)
    assert "huber" not in shown(panel)
    search.setText("no such demo anywhere")
    assert shown(panel) == []
    assert shown(panel, headings=True) == []
    press(search, Qt.Key.Key_Return)
    press(search, Qt.Key.Key_Down)


def test_unknown_current_highlights_none(panel: CataloguePanel) -> None:
    panel.set_current("huber")
    panel.set_current("a file of mine")
    assert not any(item_of(panel, entry.id).data(Part.IS_CHOSEN) for entry in entries())


@pytest.mark.parametrize("verdict", [None, *Verdict])
def test_verdict_is_shown_and_said(panel: CataloguePanel, verdict: Verdict | None) -> None:
    panel.set_verdict("huber", verdict)
    assert panel.verdict("huber") is verdict
    said = item_of(panel, "huber").data(Qt.ItemDataRole.AccessibleTextRole)
    assert word(verdict) in said
    panel.set_entries(entries())
    assert word(verdict) in item_of(panel, "huber").data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_verdict_may_come_before_the_demos_are_listed(qtbot) -> None:
    panel = CataloguePanel()
    qtbot.addWidget(panel)
    panel.set_current("huber")
    panel.set_verdict("huber", Verdict.HOLDS)
    assert panel.count() == 0
    panel.set_entries(entries())
    assert panel.count() == len(entries())
    assert word(Verdict.HOLDS) in item_of(panel, "huber").data(Qt.ItemDataRole.AccessibleTextRole)
    assert item_of(panel, "huber").data(Part.IS_CHOSEN)


def test_badges_differ_by_more_than_colour() -> None:
    looks = {badge(v, THEMES["light"])[0] for v in (None, Verdict.HOLDS, Verdict.FAILS)}
    assert len(looks) == 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("width", [200, 280])
def test_claims_take_three_lines_at_most(
    qtbot: QtBot, panel: CataloguePanel, theme: Theme, width: int
) -> None:
    panel.set_theme(theme)
    panel.resize(width, 1200)
    qtbot.wait(30)
    listed, _ = parts(panel)
    line = QFontMetrics(fonts.font(theme)).lineSpacing()
    heights = {listed.visualItemRect(item_of(panel, e.id)).height() for e in entries()}
    assert heights <= {line + 12, 2 * line + 12, 3 * line + 12}
    assert not panel.grab().isNull()


def test_lines_are_no_wider_than_asked() -> None:
    font = fonts.font(THEMES["light"])
    text = "Large α: the network follows its linearization, all along the way"
    lines = break_lines(text, font, 150)
    assert "".join(lines) == text
    assert len(lines) > 2
    assert all(QFontMetrics(font).horizontalAdvance(part.rstrip()) <= 151 for part in lines)
