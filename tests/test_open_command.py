"""Files in the place of a scenario: `lazygui FILE` and `lazygui run FILE`."""

from __future__ import annotations

from pathlib import Path

import pytest

from lazygui.app import application
from lazygui.cli import main
from lazygui.export.data import write_data
from lazygui.scenarios.files import load
from tests.export.runs import SCENARIO, SWEEP, small_run, small_sweep


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What the window was opened with, instead of a window."""
    names: list[str | None] = []

    def run_window(scenario: str | None = None) -> int:
        names.append(scenario)
        return 0

    monkeypatch.setattr(application, "run_window", run_window)
    return names


@pytest.mark.parametrize("name", ["fig.pdf", "./out", "/there/é a.mp4", "run.csv", "a.toml"])
def test_a_file_alone_opens_the_window_on_it(name: str, opened: list[str | None]):
    assert main([name]) == 0
    assert main(["gui", name]) == 0
    assert opened == [name, name]


def test_without_a_word_the_window_opens_as_ever(opened: list[str | None]):
    assert main([]) == 0
    assert opened == [None]


@pytest.mark.parametrize("words", [["quadratic"], ["rnu", "quadratic"], ["-x.pdf"]])
def test_a_word_that_is_neither_file_nor_command_is_refused(
    words: list[str], opened: list[str | None], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert opened == []
    assert "lazygui" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [".csv", ".long.csv", ".npz"])
def test_the_run_behind_a_table_runs_again_to_the_byte(ending: str, tmp_path: Path):
    write_data(small_run(), tmp_path / f"é run{ending}")
    write_data(small_run(), tmp_path / "expected.csv")
    file = str(tmp_path / f"é run{ending}")
    assert main(["run", file, "--quiet", "--out", str(tmp_path / "out")]) == 0
    assert load(tmp_path / "out" / "scenario.toml") == SCENARIO
    written = (tmp_path / "out" / "history.csv").read_bytes()
    assert written == (tmp_path / "expected.csv").read_bytes()


def test_a_folder_of_results_runs_again(tmp_path: Path):
    first, again = str(tmp_path / "a"), str(tmp_path / "b")
    assert main(["run", "quadratic", "--steps", "5", "--quiet", "--out", first]) == 0
    assert main(["run", first, "--quiet", "--out", again]) == 0
    table = (tmp_path / "a" / "history.csv").read_bytes()
    assert table == (tmp_path / "b" / "history.csv").read_bytes()


def test_the_sweep_behind_its_table_is_made_again(tmp_path: Path):
    write_data(small_sweep(), tmp_path / "sweep.npz")
    out = tmp_path / "out"
    assert main(["sweep", str(tmp_path / "sweep.npz"), "--quiet", "--out", str(out)]) == 0
    assert load(out / "scenario.toml") == SWEEP
    again = tmp_path / "again"
    assert main(["sweep", str(out / "sweep.csv"), "--quiet", "--out", str(again)]) == 0
    assert (again / "sweep.csv").read_bytes() == (out / "sweep.csv").read_bytes()


def test_a_file_without_a_run_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "data.csv").write_text("x,y\n1,2\n")
    out = tmp_path / "out"
    assert main(["run", str(tmp_path / "data.csv"), "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "data.csv does not say which run made it" in error
    assert not out.exists()
