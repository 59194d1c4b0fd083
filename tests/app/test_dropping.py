"""Files dropped on the window, wherever they land."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QLineEdit, QWidget

from lazygui.app.dialogs import data_pattern, run_pattern, with_ending
from lazygui.export.data import DATA_FORMATS
from lazygui.export.table import write_history_csv
from lazygui.scenarios.catalogue import entry
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from tests.app.conftest import Bench
from tests.simulation.records import record


def made_by(demo: str, path: Path, change: float | None = None) -> History:
    scenario = entry(demo).scenario.replace(steps=60) if change is None else entry(demo).scenario
    if change is not None:
        scenario = scenario.with_change(5, "learning_rate", change)
    simulation = build_simulation(scenario)
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    history.append(simulation.advance(10))
    write_history_csv(history, path)
    return record(build_simulation(scenario), ()) if change is None else history


def mime(*paths: Path) -> QMimeData:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return content


def drag(
    target: QWidget, content: QMimeData, possible: Qt.DropAction = Qt.DropAction.CopyAction
) -> bool:
    """Whether the window takes a drag that enters over `target`."""
    centre = target.rect().center()
    event = QDragEnterEvent(
        centre, possible, content, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    event.ignore()
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def dropping(content: QMimeData, possible: Qt.DropAction) -> QDropEvent:
    """A drop with Shift held, which asks for a move."""
    return QDropEvent(
        QPointF(QPoint(5, 5)), possible, content, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier, QEvent.Type.Drop,
    )  # fmt: skip


def drop(bench: Bench, *paths: Path) -> None:
    content = mime(*paths)
    assert drag(bench.window, content)
    event = dropping(content, Qt.DropAction.MoveAction | Qt.DropAction.CopyAction)
    QApplication.sendEvent(bench.window, event)
    assert event.dropAction() is Qt.DropAction.CopyAction


def is_field(part: QWidget) -> bool:
    """Whether a widget takes dropped text itself, as fields for typing do."""
    return isinstance(part, QLineEdit) or part.focusProxy() is not None


def test_a_dropped_table_restores_its_run_to_the_byte(bench: Bench, tmp_path: Path):
    expected = made_by("quadratic", tmp_path / "é run.csv")
    bench.choose("lazy-scale")
    bench.session.set_speed(float("inf"))
    history = bench.awaited(lambda: drop(bench, tmp_path / "é run.csv"))
    assert history.scenario == expected.scenario
    assert "The run behind é run.csv: made on" in bench.message
    bench.until(lambda: len(bench.ended) > 0 and history.last_step == expected.last_step)
    assert history["loss"].tobytes() == expected["loss"].tobytes()
    assert bench.window.director.entry is None


def test_the_run_of_a_demo_comes_back_with_its_note_and_its_changes(bench: Bench, tmp_path: Path):
    made_by("conditioning", tmp_path / "run.csv", change=0.5)
    bench.choose("lazy-scale")
    history = bench.awaited(lambda: drop(bench, tmp_path / "run.csv"))
    assert [(c.step, c.value) for c in history.scenario.changes] == [(5, 0.5)]
    assert bench.window.director.entry == entry("conditioning")


def test_a_file_without_a_run_is_said_and_the_run_goes_on(bench: Bench, tmp_path: Path):
    history = bench.choose("lazy-scale")
    (tmp_path / "other.png").write_bytes(b"\x89PNG\r\n\x1a\nsomething")
    drop(bench, tmp_path / "other.png")
    assert "other.png does not say which run made it" in bench.message
    bench.rest()
    assert bench.history is history
    drop(bench, tmp_path / "gone.pdf")
    assert "gone.pdf: there is no such file" in bench.message


def test_of_several_files_the_first_run_is_opened_and_the_others_are_named(
    bench: Bench, tmp_path: Path
):
    (tmp_path / "data.csv").write_text("x,y\n1,2\n")
    made_by("quadratic", tmp_path / "a.csv")
    made_by("huber", tmp_path / "b.csv")
    bench.choose("lazy-scale")
    paths = [tmp_path / name for name in ("data.csv", "a.csv", "b.csv")]
    history = bench.awaited(lambda: drop(bench, *paths))
    assert history.scenario == entry("quadratic").scenario.replace(steps=60)
    for part in ("behind a.csv", "data.csv does not say", "b.csv was not opened"):
        assert part in bench.message


def test_a_drop_on_every_part_of_the_window_reaches_it(bench: Bench, tmp_path: Path):
    bench.choose("lazy-scale")
    content = mime(tmp_path / "gone.csv")
    taken: list[list[Path]] = []
    bench.window._drops.dropped.connect(taken.append)
    parts = [w for w in bench.window.findChildren(QWidget) if w.isVisible() and w.isEnabled()]
    assert len([part for part in parts if isinstance(part, QGraphicsView)]) >= 2
    parts = [part for part in parts if part.window() is bench.window and not is_field(part)]
    for count, part in enumerate(parts, 1):
        assert drag(part, content), part
        # Qt hands the drop to whichever widget took the drag.
        QApplication.sendEvent(part, dropping(content, Qt.DropAction.CopyAction))
        assert len(taken) == count, part
    assert taken[-1] == [tmp_path / "gone.csv"]


def test_a_drag_that_can_only_move_its_file_is_refused(bench: Bench, tmp_path: Path):
    content = mime(tmp_path / "a.csv")
    assert not drag(bench.window, content, Qt.DropAction.MoveAction)
    assert drag(bench.window, content, Qt.DropAction.MoveAction | Qt.DropAction.CopyAction)


@pytest.mark.parametrize("url", ["https://example.org/a.pdf", ""])
def test_what_is_no_local_file_is_left_alone(bench: Bench, url: str):
    content = QMimeData()
    if url:
        content.setUrls([QUrl(url)])
    content.setText("a text")
    assert not drag(bench.window, content)


@pytest.mark.parametrize(
    ("typed", "chosen", "expected"),
    [
        ("run.csv", "CSV (*.csv)", "run.csv"),
        ("run", "CSV (*.csv)", "run.csv"),
        ("run", "NumPy (*.npz)", "run.npz"),
        ("lazygui.csv", "NumPy (*.npz)", "lazygui.npz"),
        ("lazygui.csv", "Long (*.long.csv)", "lazygui.long.csv"),
        ("run.long.csv", "Long (*.long.csv)", "run.long.csv"),
        ("run.npz", "CSV (*.csv)", "run.npz"),
        ("alpha0.5", "CSV (*.csv)", "alpha0.5.csv"),
        ("run", "All files (*)", "run.csv"),
        ("run.txt", "All files (*)", "run.txt"),
        ("run", "", "run.csv"),
    ],
)
def test_a_name_gets_the_ending_of_the_format(typed: str, chosen: str, expected: str):
    assert with_ending(Path("/there") / typed, "lazygui.csv", chosen) == Path("/there") / expected


def test_the_dialogs_offer_every_format(qapp: QApplication):
    assert len(data_pattern().split(";;")) == len(DATA_FORMATS)
    for item in DATA_FORMATS:
        assert f"(*{item.ending})" in data_pattern()
    for ending in (".toml", ".png", ".pdf", ".svg", ".csv", ".npz", ".mp4", ".webm"):
        assert f"*{ending}" in run_pattern().partition(";;")[0]
