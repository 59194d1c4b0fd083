"""The lecture's demos, each as the claim it shows."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lazygui.claims.claim import Verdict
from lazygui.panels.appearance import DEFAULT_THEME, describe, narrowest, panel_sheet
from lazygui.panels.catalogue_delegate import CatalogueDelegate, Part
from lazygui.panels.rich_text import plain, tooltip
from lazygui.panels.verdict import word
from lazygui.style.icons import icon
from lazygui.style.themes import Theme


class Entry(Protocol):
    """What the catalogue needs to know of a demo; `claim` is a sentence in rich text."""

    @property
    def id(self) -> str:
        """Unique name."""

    @property
    def section(self) -> str:
        """Heading under which it stands."""

    @property
    def title(self) -> str:
        """Short title."""

    @property
    def claim(self) -> str:
        """The sentence shown."""


class CataloguePanel(QWidget):
    """A searchable list. Arrows move, Enter or a click chooses. Signal: `chosen(str)`, the id."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, theme: Theme = DEFAULT_THEME) -> None:
        super().__init__(parent)
        self.setObjectName("catalogue-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Lecture"))
        self._items: dict[str, QListWidgetItem] = {}
        self._words: dict[str, str] = {}
        self._verdicts: dict[str, Verdict | None] = {}
        self._current = ""
        self._delegate = CatalogueDelegate(self)
        self._search = self._make_search()
        self._list = self._make_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.addWidget(self._search)
        column.addLayout(top)
        column.addWidget(self._list, 1)
        self.set_theme(theme)

    def _make_search(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search the lecture"))
        field.setClearButtonEnabled(True)
        tip = self.tr("Words of a claim, a title or a section")
        describe(field, "catalogue-search", self.tr("Search"), tip)
        self._search_icon = QAction(field)
        field.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self._search_icon.setToolTip(tip)
        clear, glass = field.findChildren(QToolButton)
        describe(clear, "catalogue-search-clear", self.tr("Clear"), self.tr("Clear the search"))
        describe(glass, "catalogue-search-icon", self.tr("Search"), tip)
        field.textChanged.connect(self._filter)
        field.installEventFilter(self)
        return field

    def _make_list(self) -> QListWidget:
        entries = QListWidget()
        tip = self.tr("Enter or a click starts the demo")
        describe(entries, "catalogue-list", self.tr("Demos"), tip)
        entries.setItemDelegate(self._delegate)
        entries.setMouseTracking(True)
        entries.setUniformItemSizes(False)
        entries.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        entries.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        entries.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        entries.installEventFilter(self)
        entries.viewport().installEventFilter(self)
        entries.clicked.connect(self._clicked)
        return entries

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these demos under the headings of their sections, in the order given."""
        self._list.clear()
        self._items, self._words = {}, {}
        section = None
        for entry in entries:
            if entry.section != section:
                section = entry.section
                self._list.addItem(_heading_item(plain(section)))
            self._add(entry)
        self.set_current(self._current)
        self._filter(self._search.text())

    def _add(self, entry: Entry) -> None:
        item = QListWidgetItem(plain(entry.claim))
        item.setData(Part.ID, entry.id)
        item.setToolTip(tooltip(f"<b>{html.escape(plain(entry.title))}</b>", entry.claim))
        self._list.addItem(item)
        self._items[entry.id] = item
        words = f"{entry.section} {entry.title} {entry.claim}"
        self._words[entry.id] = plain(words).casefold()
        self._show_verdict(item)

    def count(self) -> int:
        """How many demos are listed."""
        return len(self._items)

    def set_current(self, entry_id: str) -> None:
        """Highlight the demo that runs; an unknown id highlights none."""
        self._current = entry_id
        for known, item in self._items.items():
            item.setData(Part.IS_CHOSEN, known == entry_id)
        if entry_id in self._items:
            self._list.setCurrentItem(self._items[entry_id])
        self._list.doItemsLayout()

    def current(self) -> str:
        """The id of the highlighted demo, empty if there is none."""
        return self._current

    def set_verdict(self, entry_id: str, verdict: Verdict | None) -> None:
        """Show what the checks say, None for nothing yet; at once, or when the demo is listed."""
        self._verdicts[entry_id] = verdict
        if entry_id in self._items:
            self._show_verdict(self._items[entry_id])

    def verdict(self, entry_id: str) -> Verdict | None:
        """What the checks say, None for nothing yet."""
        return self._verdicts.get(entry_id)

    def _show_verdict(self, item: QListWidgetItem) -> None:
        item.setData(Part.VERDICT, self._verdicts.get(item.data(Part.ID)))
        text = f"{item.text()}, {word(verdict_of(item))}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, text)

    def set_theme(self, theme: Theme) -> None:
        """Dress the panel anew."""
        self._delegate.theme = theme
        self._search_icon.setIcon(icon("search", theme, theme.muted))
        self.setMinimumWidth(narrowest(200, theme))
        self.setStyleSheet(
            panel_sheet(theme)
            + f"QWidget#catalogue-panel, QListWidget {{ background: {theme.surface}; }}"
            "QListWidget { border: none; outline: none; }"
        )
        self._list.doItemsLayout()

    def sizeHint(self) -> QSize:
        """As wide as the sketch's column."""
        return QSize(280, 480)

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        heading: QListWidgetItem | None = None
        for row in range(self._list.count()):
            item = self._list.item(row)
            if item.data(Part.IS_HEADING):
                heading = item
                heading.setHidden(True)
                continue
            words = self._words[item.data(Part.ID)]
            hidden = not all(word in words for word in wanted)
            item.setHidden(hidden)
            if heading is not None and not hidden:
                heading.setHidden(False)

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self._choose(self._list.item(index.row()))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and not item.data(Part.IS_HEADING) and not item.isHidden():
            self.set_current(item.data(Part.ID))
            self.chosen.emit(item.data(Part.ID))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter chooses; the arrows of the search field go to the list."""
        if watched is self._list.viewport():
            if event.type() == QEvent.Type.Resize:
                self._wrap()
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._item_for_enter(watched))
                return True
            if watched is self._search and key == Qt.Key.Key_Down:
                self._enter_list()
                return True
            if watched is self._search and key == Qt.Key.Key_Escape:
                self._search.clear()
                return True
        return super().eventFilter(watched, event)

    def _enter_list(self) -> None:
        first = self._first_shown()
        if first is not None:
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
            self._list.setCurrentItem(first)

    def _wrap(self) -> None:
        """Break the claims anew for the width of the list."""
        self._delegate.width = self._list.viewport().width()
        self._list.scheduleDelayedItemsLayout()

    def _item_for_enter(self, watched: QObject) -> QListWidgetItem | None:
        return self._first_shown() if watched is self._search else self._list.currentItem()

    def _first_shown(self) -> QListWidgetItem | None:
        return next((item for item in self._items.values() if not item.isHidden()), None)


def verdict_of(item: QListWidgetItem) -> Verdict | None:
    """The verdict that an item of the list carries."""
    verdict = item.data(Part.VERDICT)
    return verdict if isinstance(verdict, Verdict) else None


def _heading_item(text: str) -> QListWidgetItem:
    item = QListWidgetItem(text.upper())
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setData(Part.IS_HEADING, True)
    return item
