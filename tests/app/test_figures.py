"""Figures from the window: the dialog, saving, copying."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from lazygui.app.figure_choice import ANY, CUSTOM, STAGE, FigureChoice, remembered
from lazygui.app.figure_dialog import FigureDialog
from lazygui.app.figures import Figures
from lazygui.export.provenance import read_provenance
from lazygui.export.sizes import PRESETS
from tests.app.conftest import Bench

PATIENCE = 30_000  # milliseconds: the first figure imports matplotlib


@pytest.fixture
def ready(bench: Bench) -> Bench:
    """A window with a run on show."""
    bench.choose("quadratic")
    bench.session.step(24)
    bench.until(lambda: bench.history.last_step >= 24)
    return bench


def figures(bench: Bench) -> Figures:
    return bench.window.tools.figures


def opened(bench: Bench) -> FigureDialog:
    """The dialog, once it shows its preview."""
    dialog = figures(bench).dialog
    assert dialog is not None
    bench.until(lambda: not dialog.preview.picture.isNull(), PATIENCE)
    return dialog


def saved(bench: Bench, choice: FigureChoice, path: Path) -> bytes:
    bench.dialogs.saved = path
    figures(bench).save(choice)
    bench.until(lambda: str(path) in bench.message, PATIENCE)
    return path.read_bytes()


def test_ctrl_e_asks_for_a_figure_of_the_stage_and_shows_it(ready: Bench):
    QTest.keyClick(ready.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = opened(ready)
    assert not dialog.isModal()
    assert dialog.choice().view == STAGE
    assert dialog.save.isEnabled()
    assert dialog.sentence.text() == ""


def test_the_menu_of_a_view_asks_for_its_figure(ready: Bench):
    ready.window.stage.view("gap").ask_export()
    assert opened(ready).choice().view == "gap"


@pytest.mark.parametrize("form", ["pdf", "svg", "pgf", "eps", "png"])
def test_a_view_is_saved_in_every_format(ready: Bench, tmp_path: Path, form: str):
    data = saved(ready, FigureChoice("gap", form=form), tmp_path / f"gap.{form}")
    assert len(data) > 5000
    record = read_provenance(tmp_path / f"gap.{form}")
    assert record.scenario
    assert "Saved" in ready.message


def test_the_stage_is_saved_as_it_is_seen(ready: Bench, tmp_path: Path):
    choice = FigureChoice(STAGE, typeset=False, form="png", font=6.0)
    picture = QImage.fromData(saved(ready, choice, tmp_path / "stage.png"))
    assert abs(picture.width() - 140 / 25.4 * 300) < 4
    places = [(x, y) for x in range(0, picture.width(), 7) for y in range(0, 300, 3)]
    assert len({picture.pixel(x, y) for x, y in places}) > 10


def test_a_figure_is_copied_in_three_formats_at_once(ready: Bench):
    ready.window.stage.view("gap").ask_copy()
    ready.until(lambda: "Copied" in ready.message, PATIENCE)
    content = QGuiApplication.clipboard().mimeData()
    assert bytes(content.data("image/png").data()).startswith(b"\x89PNG")
    assert b"<svg" in bytes(content.data("image/svg+xml").data())
    assert bytes(content.data("application/pdf").data()).startswith(b"%PDF")
    assert content.hasImage()


def test_a_figure_as_seen_is_copied_too(ready: Bench):
    figures(ready).copy(FigureChoice("gap", typeset=False))
    content = QGuiApplication.clipboard().mimeData()
    assert {"image/png", "application/pdf"} <= set(content.formats())


def test_the_last_choice_is_remembered(ready: Bench, tmp_path: Path):
    choice = FigureChoice("gap", form="svg", background="dark").with_preset("column")
    saved(ready, choice, tmp_path / "gap.svg")
    figures(ready).open_for("gap")
    assert opened(ready).choice() == choice


def test_a_figure_too_small_is_said_and_not_offered(ready: Bench):
    figures(ready).open_for(STAGE)
    dialog = opened(ready)
    dialog.width_.setValue(15.0)
    ready.until(lambda: "too small" in dialog.sentence.text(), PATIENCE)
    assert not dialog.save.isEnabled()
    assert dialog.preset.currentData() == CUSTOM
    dialog.preset.setCurrentIndex(dialog.preset.findData("columns"))
    ready.until(dialog.save.isEnabled, PATIENCE)
    assert dialog.choice().width == PRESETS["columns"].width
    assert dialog.sentence.text() == ""


def test_as_seen_offers_what_it_can(ready: Bench):
    figures(ready).open_for("gap")
    dialog = opened(ready)
    dialog.format.setCurrentIndex(dialog.format.findData("svg"))
    dialog.style_.setCurrentIndex(dialog.style_.findData(False))
    assert [dialog.format.itemData(k) for k in range(dialog.format.count())] == ["pdf", "png"]
    assert dialog.choice().form == "pdf"


def test_the_unit_changes_and_the_size_stays(ready: Bench):
    figures(ready).open_for("gap")
    dialog = opened(ready)
    dialog.unit.setCurrentIndex(dialog.unit.findData("in"))
    choice = dialog.choice()
    assert (choice.width, choice.height) == pytest.approx((140 / 25.4, 70 / 25.4), abs=0.01)
    assert choice.preset == "beamer"
    width, height = choice.spec().size.width, choice.spec().size.height
    assert (width, height) == pytest.approx((140 / 25.4, 70 / 25.4), abs=0.01)


def test_a_place_that_cannot_be_written_is_said(ready: Bench, tmp_path: Path):
    wall = tmp_path / "wall"
    wall.write_text("a file, where a folder is needed")
    ready.dialogs.saved = wall / "gap.pdf"
    figures(ready).save(FigureChoice("gap"))
    ready.until(lambda: str(wall) in ready.message, PATIENCE)
    assert ready.window.workspace.messages._level == "error"
    assert wall.read_text() == "a file, where a folder is needed"


def test_a_cancelled_dialog_writes_nothing(ready: Bench, tmp_path: Path):
    figures(ready).save(FigureChoice("gap"))
    ready.rest()
    assert len(ready.dialogs.questions) == 1
    assert ready.message == ""


def test_without_a_run_there_is_no_figure(bench: Bench):
    figures(bench).open()
    assert figures(bench).dialog is None
    assert "Nothing has run" in bench.message


def test_the_window_closes_while_a_figure_is_made(ready: Bench, tmp_path: Path):
    ready.dialogs.saved = tmp_path / "gap.pdf"
    figures(ready).save(FigureChoice("gap"))
    ready.window.close()
    assert not any(tmp_path.glob(".lazygui-*"))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"width": -1.0}', '{"form": "gif"}', '{"width": "wide"}']
)
def test_a_damaged_memory_is_the_usual_choice(text: str):
    assert remembered(text) == FigureChoice()


def test_the_type_of_the_stage_is_smaller():
    choice = FigureChoice("gap")
    assert choice.of_view(STAGE).font < choice.font
    assert choice.of_view(STAGE).of_view("gap") == choice
    assert FigureChoice("gap", font=11.0).of_view(STAGE).font == 11.0
    assert remembered(choice.of_view(STAGE).to_json()) == FigureChoice(ANY)
