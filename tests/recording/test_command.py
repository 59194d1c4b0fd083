"""`lazygui record`, from its words to its file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lazygui.cli import main
from lazygui.recording.script import Look, Pace, Run, Scene, Script, written
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.files import dumps
from tests.recording.films import decoded, leftovers

SMALL = ["--size", "320x180", "--fps", "5", "--seconds", "1", "--quiet"]


@pytest.fixture(autouse=True)
def _environment(monkeypatch, qapp):
    for name in ("QT_QPA_PLATFORM", "QT_FONT_DPI", "QT_SCALE_FACTOR"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


def record(*words: str | Path) -> int:
    return main(["record", *map(str, words)])


def test_a_demo_becomes_a_film(tmp_path: Path, capsys):
    assert record("quadratic", "-o", tmp_path / "a.mp4", *SMALL[:-1]) == 0
    assert len(decoded(tmp_path / "a.mp4")) == 5
    said = capsys.readouterr()
    assert "a.mp4: 5 frames" in said.out
    assert said.err == ""


def test_a_scenario_file_and_one_view(tmp_path: Path):
    (tmp_path / "mine.toml").write_text(dumps(entry("quadratic").scenario), encoding="utf-8")
    words = [tmp_path / "mine.toml", "-o", tmp_path / "a.webm", "--view", "gap", "--theme", "dark"]
    assert record(*words, *SMALL) == 0
    frame = decoded(tmp_path / "a.webm")[-1]
    assert frame.shape == (180, 320, 3)
    assert frame.mean() < 80


def test_a_session_becomes_a_film_of_its_own_length(tmp_path: Path):
    run = Run(0.0, entry("quadratic").scenario, "quadratic")
    scene = Scene(1.0, (Look("gap", log_y=False, span=(0.0, 5.0, 0.0, 1.0)),))
    script = Script(2.0, (run,), ((Pace(0.0, 0), Pace(2.0, 8)),), (scene,), "dark")
    (tmp_path / "s.toml").write_text(written(script), encoding="utf-8")
    words = [tmp_path / "s.toml", "-o", tmp_path / "a.mp4", "--size", "320x180", "--fps", "10"]
    assert record(*words, "--no-title", "--quiet") == 0
    frames = decoded(tmp_path / "a.mp4")
    assert len(frames) == 20
    assert frames[0].mean() < 80
    assert abs(frames[9] - frames[10]).mean() > 2.0  # other views from the second second on
    assert record(*words, "--quiet") == 0
    assert len(decoded(tmp_path / "a.mp4")) == 25  # the title card comes before, a quarter as long


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["quadratc"], "did you mean 'quadratic'"),
        (["quadratic", "--size", "1281x720"], "choose 1282x720"),
        (["quadratic", "--seconds", "100000"], "choose up to 86400 s"),
        (["quadratic", "--seconds", "50000", "--fps", "20"], "1,000,000 frames are too many"),
        (["quadratic", "--seconds", "0"], "0 s"),
        (["quadratic", "--steps-per-frame", "0"], "choose 1 or more"),
        (["quadratic", "--view", "kernel"], "no view 'kernel'"),
        (["nowhere.toml"], "cannot read the file"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(tmp_path: Path, capsys, words, said):
    assert record(*words, "-o", tmp_path / "a.mp4") == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.startswith("lazygui: ")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.avi", "a.png", "a.mov"])
def test_an_unknown_ending_is_one_sentence_and_status_2(tmp_path: Path, capsys, name):
    assert record("quadratic", "-o", tmp_path / name) == 2
    assert ".mp4" in capsys.readouterr().err


def test_a_missing_folder_is_status_1(tmp_path: Path, capsys):
    assert record("quadratic", "-o", tmp_path / "no" / "a.mp4", *SMALL) == 1
    assert "Choose another folder" in capsys.readouterr().err


def test_a_size_that_is_none(tmp_path: Path, capsys):
    with pytest.raises(SystemExit) as caught:
        record("quadratic", "-o", tmp_path / "a.mp4", "--size", "big")
    assert caught.value.code == 2
    assert "write for example 1920x1080" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["interrupt", "terminate", "end of input"])
def test_a_film_in_the_making_can_be_stopped(tmp_path: Path, how: str):
    words = ["record", "huber", "-o", str(tmp_path / "a.mp4"), "--seconds", "60"]
    process = subprocess.Popen(
        [sys.executable, "-m", "lazygui", *words, "--progress"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("drawing"):
            break
    assert len(leftovers(tmp_path)) == 1
    if how == "end of input":
        process.stdin.close()
    else:
        process.send_signal(signal.SIGINT if how == "interrupt" else signal.SIGTERM)
    process.stdout.read()
    assert process.stderr is not None
    said = process.stderr.read()
    assert process.wait(30) == 1
    assert said == "lazygui: cancelled: no film was written\n"
    assert list(tmp_path.iterdir()) == []
    for pipe in (process.stdin, process.stdout, process.stderr):
        pipe.close()


def test_progress_is_told_in_lines(tmp_path: Path):
    words = ["record", "quadratic", "-o", str(tmp_path / "a.gif"), *SMALL, "--progress"]
    process = subprocess.Popen(
        [sys.executable, "-m", "lazygui", *words, "--background"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [line.split() for line in process.stdout]
    assert process.wait(60) == 0
    drawn = [int(words[1]) for words in lines if words[0] == "drawing"]
    assert drawn == sorted(drawn)
    assert lines[-1] == ["drawing", "5", "5"]
    for pipe in (process.stdin, process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()
