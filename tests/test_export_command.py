"""`lazygui export`: figures and data without a window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from lazygui.cli import main
from lazygui.export.provenance import read_provenance

ROOT = Path(__file__).resolve().parent.parent


def export(*words: object) -> int:
    return main(["export", *map(str, words), "--quiet"])


@pytest.fixture(autouse=True)
def _offscreen(qapp):
    """The application that the command finds."""


@pytest.mark.parametrize("form", ["pdf", "svg", "pgf", "eps", "png"])
def test_the_ending_chooses_the_format(tmp_path, form):
    path = tmp_path / f"gap.{form}"
    assert export("quadratic", "--view", "gap", "-o", path) == 0
    assert read_provenance(path).steps > 100


def test_every_view_that_suits_in_every_format_asked_for(tmp_path):
    out = tmp_path / "all"
    assert export("quadratic", "--all", out, "--formats", "pdf,svg") == 0
    names = {path.name for path in out.iterdir()}
    views = ("objective_1d", "loss_curve", "gap", "distance")
    assert names == {f"{view}.{form}" for view in views for form in ("pdf", "svg")}


def test_a_file_leads_to_the_same_figure_again(tmp_path):
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    assert export("quadratic", "--view", "gap", "-o", first) == 0
    assert export(first, "--view", "gap", "-o", again) == 0
    assert first.read_bytes() == again.read_bytes()


def test_a_folder_of_results_will_do(tmp_path):
    out = tmp_path / "out"
    assert main(["run", "quadratic", "--steps", "50", "--out", str(out), "--quiet"]) == 0
    path = tmp_path / "gap.svg"
    assert export(out, "--view", "gap", "-o", path) == 0
    assert read_provenance(path).steps == 50


def test_a_sweep_is_exported_from_its_folder(tmp_path):
    out, path = tmp_path / "sweep", tmp_path / "sweep.pdf"
    words = ["sweep", "quadratic", "--over", "learning_rate=0.1,0.2,0.3", "--steps", "20"]
    assert main([*words, "--out", str(out), "--quiet"]) == 0
    table = (out / "sweep.csv").read_bytes()
    assert export(out, "--view", "sweep_curves", "-o", path) == 0
    assert read_provenance(path).scenario == (out / "scenario.toml").read_text(encoding="utf-8")
    assert (out / "sweep.csv").read_bytes() == table


def test_data_are_written_beside_a_figure(tmp_path):
    data, figure = tmp_path / "run.npz", tmp_path / "run.png"
    assert export("quadratic", "--view", "gap", "-o", figure, "--data", data) == 0
    with np.load(data, allow_pickle=False) as arrays:
        assert len(arrays.files) > 3
    assert read_provenance(data).hash == read_provenance(figure).hash


def test_the_size_is_the_one_asked_for(tmp_path):
    path = tmp_path / "gap.png"
    for extra in ((), ("--as-seen",)):
        words = ("quadratic", "--view", "gap", "-o", path, "--size", "640x360px", "--font", 9)
        assert export(*words, *extra) == 0
        picture = QImage(str(path))
        assert (picture.width(), picture.height()) == (640, 360)


def test_dark_and_transparent_paper(tmp_path):
    path = tmp_path / "gap.png"
    words = ("quadratic", "--view", "gap", "-o", path, "--size", "400x300px")
    corners = {}
    for background in ("light", "dark", "transparent"):
        assert export(*words, "--background", background) == 0
        corners[background] = QImage(str(path)).pixelColor(0, 0)
    assert corners["light"].lightness() > 200
    assert corners["dark"].lightness() < 60
    assert corners["transparent"].alpha() == 0


def test_the_stage_is_what_the_demo_shows(tmp_path):
    path = tmp_path / "stage.svg"
    assert export("quadratic", "-o", path, "--size", "columns") == 0
    assert path.read_text(encoding="utf-8").count('id="axes_') > 1


BAD = {
    ("quadratic",): "say what to write",
    ("quadratic", "-o", "a.pdf", "--all", "b"): "choose one of them",
    ("quadratic", "-o", "a.gif"): "pdf, svg, pgf, eps, png",
    ("quadratic", "-o", "a"): "without an ending",
    ("quadratic", "-o", "a.svg", "--as-seen"): "pdf, png",
    ("quadratic", "--all", "b", "--formats", "pdf,tiff"): "'.tiff'",
    ("quadratic", "-o", "a.pdf", "--size", "huge"): "128x72mm",
    ("quadratic", "-o", "a.pdf", "--size", "1x1mm"): "10 to 3000 mm",
    ("quadratic", "-o", "a.pdf", "--font", "0"): "4 to 200",
    ("quadratic", "-o", "a.pdf", "--size", "12x10mm", "--font", "40"): "too small",
    ("quadratic", "-o", "a.pdf", "--view", "outputs"): "no view 'outputs'",
    ("quadratik", "-o", "a.pdf"): "quadratic",
    ("quadratic", "--data", "a.xlsx"): ".npz",
    ("nowhere.toml", "-o", "a.pdf"): "nowhere.toml",
}


@pytest.mark.parametrize(("words", "remedy"), BAD.items(), ids=map(" ".join, BAD))
def test_bad_input_is_a_sentence_and_leaves_no_file(tmp_path, monkeypatch, capsys, words, remedy):
    monkeypatch.chdir(tmp_path)
    assert export(*words) == 2
    said = capsys.readouterr().err
    assert remedy in said
    assert said.startswith("lazygui: ")
    assert "Traceback" not in said
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_place_that_cannot_be_written_keeps_what_is_there(tmp_path, capsys):
    wall = tmp_path / "wall"
    wall.write_text("a file, where a folder is needed")
    assert export("quadratic", "--view", "gap", "-o", wall / "gap.pdf") == 2
    assert str(wall) in capsys.readouterr().err
    assert wall.read_text() == "a file, where a folder is needed"


def test_another_process_writes_the_same_bytes(tmp_path):
    files = [tmp_path / f"{k}.pdf" for k in range(2)]
    assert export("quadratic", "--view", "gap", "-o", files[0]) == 0
    words = ["-m", "lazygui", "export", "quadratic", "--view", "gap", "-o", str(files[1])]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout == f"{files[1]}: gap\n"
    assert files[0].read_bytes() == files[1].read_bytes()
