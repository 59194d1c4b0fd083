"""Results at the paper's size: shown behind the live run, and what is said of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from lazygui.app.director import Director
from lazygui.engine.session import Session
from lazygui.scenarios.catalogue import Entry
from lazygui.simulation.history import History
from lazygui.simulation.published import published


class PaperResults(QObject):
    """Hands the shipped results of a demo to the history of its run."""

    def __init__(self, session: Session, director: Director) -> None:
        super().__init__(director)
        self._director = director
        session.run_started.connect(self._on_run_started)

    def texts(self, entry: Entry) -> tuple[str, str]:
        """What is known of a demo at the paper's size, and what a button can do; or two empty."""
        if entry.full is None:
            return "", ""
        found = published(entry.id)
        if found is None:
            text = self.tr("At the paper’s size this is {runs} runs: minutes to hours.")
            return text.format(runs=entry.full.steps), self.tr("Compute")
        text = self.tr("Behind: the paper’s size, {runs} runs, computed on {date}.")
        return text.format(**found.provenance), self.tr("Recompute")

    @Slot(object, object)
    def _on_run_started(self, history: History, ghost: History | None) -> None:
        entry = self._director.entry
        if entry is None or entry.full is None or "axes" not in history.facts:
            return
        found = published(entry.id)
        if found is not None:
            history.record_facts({"reference": found.columns, "reference_note": found.note})
