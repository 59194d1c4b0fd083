"""The left column: the demos of the lecture, and the note of the one that runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSplitter

from lazygui.app.checker import Checker
from lazygui.app.director import Director
from lazygui.app.results import PaperResults
from lazygui.app.workspace import fill
from lazygui.panels.catalogue_panel import CataloguePanel
from lazygui.panels.note_panel import NotePanel
from lazygui.scenarios.catalogue import Entry
from lazygui.style.themes import Theme


class Lecture(QObject):
    """Fills the column, whatever has begun by then, and keeps it up to date."""

    def __init__(
        self,
        column: QSplitter,
        director: Director,
        checker: Checker,
        results: PaperResults,
        theme: Theme,
    ) -> None:
        super().__init__(column)
        self._results = results
        self.catalogue = CataloguePanel(theme=theme)
        self.note = NotePanel(theme=theme)
        fill(column, (self.catalogue, 520), (self.note, 320))
        director.entry_chosen.connect(self._on_entry)
        director.entry_left.connect(self._on_entry_left)
        checker.verdict_changed.connect(self.catalogue.set_verdict)
        self.note.recompute_requested.connect(director.compute_full)
        for name, verdict in checker.verdicts.items():
            self.catalogue.set_verdict(name, verdict)
        if director.entry is not None:
            self._on_entry(director.entry)
        elif director.shown is not None:
            self._on_entry_left()

    @Slot(object)
    def _on_entry(self, entry: Entry) -> None:
        self.catalogue.set_current(entry.id)
        self.note.set_note(entry.title, entry.formula, entry.note, entry.slip)
        self.note.set_results(*self._results.texts(entry))

    @Slot()
    def _on_entry_left(self) -> None:
        self.catalogue.set_current("")
        self.note.set_note(self.tr("A scenario of your own"), "", "", "")

    def set_theme(self, theme: Theme) -> None:
        """Dress both anew."""
        self.catalogue.set_theme(theme)
        self.note.set_theme(theme)
