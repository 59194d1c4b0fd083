"""● in the window: what it writes down, the dialog, and the film made beside the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lazygui.app.film_choice import FilmChoice, remembered
from lazygui.app.film_dialog import RUN, SESSION, FilmDialog
from lazygui.app.recorder import Recorder
from lazygui.export.provenance import read_provenance
from lazygui.recording.script import read_script
from lazygui.scenarios.files import loads
from tests.app.conftest import Bench
from tests.recording.films import decoded, leftovers


@pytest.fixture
def recorder(bench: Bench) -> Iterator[Recorder]:
    yield bench.window.tools.recorder
    bench.window.tools.recorder.close()
    bench.rest(1)


def told(recorder: Recorder) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []

    def hear(level: str, text: str) -> None:
        heard.append((level, text))

    recorder.told.connect(hear)
    return heard


def dialog_of(recorder: Recorder) -> FilmDialog:
    assert recorder.dialog is not None
    return recorder.dialog


def make_small(dialog: FilmDialog, seconds: float = 1.0) -> None:
    dialog.pixels.setCurrentText("320x180")
    dialog.fps.setValue(5)
    dialog.seconds.setValue(seconds)
    dialog.title_card.setChecked(False)
    QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)


def test_a_session_is_written_down(bench: Bench, recorder: Recorder, tmp_path: Path):
    first = bench.choose("lazy-scale")
    recorder.toggle()
    assert recorder.is_recording
    assert bench.window.toolbar._actions["record"].isChecked()
    bench.until(lambda: first.last_step > 20)
    bench.window.stage.toggle_maximized("outputs")
    bench.rest(300)
    second = bench.awaited(lambda: bench.window.director.request("scale", 7.0))
    bench.until(lambda: second.last_step > 10)
    bench.window.director.request("learning_rate", 0.3)
    bench.until(lambda: bool(second.scenario.changes))
    bench.rest(200)
    recorder.toggle()
    assert not recorder.is_recording
    bench.dialogs.saved = tmp_path / "session.toml"
    QTest.mouseClick(dialog_of(recorder).log, Qt.MouseButton.LeftButton)
    script = read_script(tmp_path / "session.toml")
    assert [run.demo for run in script.runs] == ["lazy-scale", "lazy-scale"]
    assert script.runs[0].scenario == first.scenario
    assert script.runs[1].scenario == second.scenario
    assert [c.value for c in script.runs[1].scenario.changes] == [0.3]
    assert script.paces[0][-1].step > 20
    assert [look.name for look in script.scenes[-1].looks] == ["outputs"]
    assert len(script.scenes[0].looks) == len(bench.window.stage.shown())


def test_a_zoom_is_written_down(bench: Bench, recorder: Recorder):
    bench.choose("lazy-scale")
    recorder.toggle()
    view = bench.window.stage.view("outputs")
    view.plot.box.setRange(xRange=(-0.5, 0.5), yRange=(-0.2, 0.4), padding=0)
    view.plot._taken_over()
    bench.rest(250)
    recorder.toggle()
    assert recorder._script is not None
    looks = {look.name: look for look in recorder._script.scenes[-1].looks}
    assert looks["outputs"].span == pytest.approx((-0.5, 0.5, -0.2, 0.4))


def test_the_film_of_a_session(bench: Bench, recorder: Recorder, tmp_path: Path):
    heard = told(recorder)
    bench.choose("quadratic")
    recorder.toggle()
    bench.rest(600)
    recorder.toggle()
    dialog = dialog_of(recorder)
    assert dialog.source.currentData() == SESSION
    assert dialog.seconds.value() == pytest.approx(recorder._script.duration, abs=0.06)
    bench.dialogs.saved = tmp_path / "film.mp4"
    make_small(dialog)
    bench.until(lambda: bool(heard), 60_000)
    assert heard == [("info", f"Saved: {tmp_path / 'film.mp4'}")]
    assert len(decoded(tmp_path / "film.mp4")) == 5
    assert recorder.dialog is None
    assert leftovers(tmp_path) == []


def test_the_film_of_the_run_has_its_changes(bench: Bench, recorder: Recorder, tmp_path: Path):
    heard = told(recorder)
    history = bench.choose("quadratic")
    bench.until(lambda: history.last_step > 3)
    bench.window.director.request("learning_rate", 0.21)
    bench.until(lambda: bool(history.scenario.changes))
    recorder.film_run()
    dialog = dialog_of(recorder)
    assert dialog.source.currentData() == RUN
    bench.dialogs.saved = tmp_path / "film.gif"
    dialog.format.setCurrentIndex(dialog.format.findData("gif"))
    make_small(dialog)
    bench.until(lambda: bool(heard), 60_000)
    assert heard[0][0] == "info", heard
    assert loads(read_provenance(tmp_path / "film.gif").scenario) == history.scenario
    assert remembered(bench.window.settings.film).format == "gif"


def test_the_window_stays_usable_and_a_cancel_leaves_nothing(
    bench: Bench, recorder: Recorder, tmp_path: Path
):
    heard = told(recorder)
    bench.choose("huber")
    recorder.film_run()
    bench.dialogs.saved = tmp_path / "film.mp4"
    make_small(dialog_of(recorder), seconds=200.0)
    bench.until(lambda: bool(leftovers(tmp_path)), 60_000)
    before = bench.history.last_step
    other = bench.choose("quadratic")
    bench.until(lambda: other is bench.history and other.last_step > 0)
    assert before >= 0
    dialog_of(recorder).close()
    bench.rest(50)
    assert recorder.job.is_running
    recorder.film_run()
    QTest.mouseClick(dialog_of(recorder).stop, Qt.MouseButton.LeftButton)
    bench.until(lambda: not recorder.job.is_running, 20_000)
    bench.until(lambda: bool(heard))
    assert "cancelled" in heard[-1][1]
    assert list(tmp_path.glob("*.mp4")) == []
    assert leftovers(tmp_path) == []


def test_a_killed_process_leaves_nothing(bench: Bench, recorder: Recorder, tmp_path: Path):
    heard = told(recorder)
    bench.choose("huber")
    recorder.film_run()
    bench.dialogs.saved = tmp_path / "film.mp4"
    make_small(dialog_of(recorder), seconds=200.0)
    bench.until(lambda: bool(leftovers(tmp_path)), 60_000)
    recorder.job._process.kill()
    bench.until(lambda: bool(heard), 20_000)
    assert heard[0][0] == "error"
    assert leftovers(tmp_path) == []


def test_what_cannot_be_written_is_told(bench: Bench, recorder: Recorder, tmp_path: Path):
    heard = told(recorder)
    bench.choose("quadratic")
    recorder.film_run()
    bench.dialogs.saved = tmp_path / "nowhere" / "film.mp4"
    make_small(dialog_of(recorder))
    bench.until(lambda: bool(heard), 60_000)
    assert heard[0][0] == "error"
    assert "Choose another folder" in heard[0][1]


def test_the_dialog_says_what_is_wrong_and_what_it_takes(bench: Bench, recorder: Recorder):
    bench.choose("quadratic")
    recorder.film_run()
    dialog = dialog_of(recorder)
    assert "300 frames" in dialog.estimate.text()
    dialog.pixels.setCurrentText("1281x720")
    assert "choose 1282x720" in dialog.estimate.text()
    assert not dialog.make.isEnabled()
    dialog.pixels.setCurrentText("wide")
    assert "no size" in dialog.estimate.text()
    dialog.pixels.setCurrentText("1920 × 1080")
    assert dialog.make.isEnabled()
    dialog.seconds.setValue(80_000)
    assert "too many" in dialog.estimate.text()
    assert not dialog.make.isEnabled()
    dialog.format.setCurrentIndex(dialog.format.findData("pdf"))
    assert dialog.fps.value() == 20
    assert not dialog.title_card.isEnabled()


def test_a_cancelled_file_dialog_makes_nothing(bench: Bench, recorder: Recorder):
    bench.choose("quadratic")
    recorder.film_run()
    bench.dialogs.saved = None
    make_small(dialog_of(recorder))
    assert not recorder.job.is_running


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "avi"}', '{"fps": 0}', '{"size": "1x1"}']
)
def test_a_choice_that_cannot_be_read_is_the_usual_one(text: str):
    assert remembered(text) == FilmChoice()


def test_a_choice_is_remembered():
    choice = FilmChoice("webm", "1920x1080", 60, 12.5, "log", "", "dark", False, False, True)
    assert remembered(choice.to_json()) == choice
