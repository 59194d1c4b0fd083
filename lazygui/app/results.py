"""Results at the paper's size: shown behind the live run, and computed anew on request."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from lazygui.app.director import Director
from lazygui.engine.session import Session
from lazygui.panels.note_panel import NotePanel
from lazygui.scenarios.catalogue import Entry
from lazygui.simulation.history import History
from lazygui.simulation.published import published


class PaperResults(QObject):
    """Hands the shipped results of a demo to the history, and the button under its note a voice."""

    def __init__(self, session: Session, director: Director, note: NotePanel) -> None:
        super().__init__(note)
        self._director, self._note = director, note
        session.run_started.connect(self._on_run_started)
        director.entry_chosen.connect(self._on_entry)
        note.recompute_requested.connect(director.compute_full)

    @Slot(object)
    def _on_entry(self, entry: Entry) -> None:
        if entry.full is None:
            self._note.set_results("", "")
            return
        found = published(entry.id)
        if found is None:
            text = self.tr("At the paper’s size this is {runs} runs: minutes to hours.")
            self._note.set_results(text.format(runs=entry.full.steps), self.tr("Compute"))
            return
        text = self.tr("Behind: the paper’s size, {runs} runs, computed on {date}.")
        self._note.set_results(text.format(**found.provenance), self.tr("Recompute"))

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        entry = self._director.entry
        if entry is None or entry.full is None or "axes" not in history.facts:
            return
        found = published(entry.id)
        if found is not None:
            history.record_facts({"reference": found.columns, "reference_note": found.note})
