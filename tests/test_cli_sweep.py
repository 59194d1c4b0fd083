"""`lazygui sweep`: its files, its refusals, and how it is taken up after whatever ended it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazygui.cli import main
from lazygui.numerics.fits import loglog_fit
from lazygui.scenarios.files import load
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.protocol import Simulation
from lazygui.simulation.sweep import SweepSimulation

ROOT = Path(__file__).parent.parent
FILES = {"sweep.csv", "scenario.toml", "summary.json"}
SMALL = ["--set", "width=10", "--steps", "40"]
OVER = ["--over", "scale=1:100:log:3", "--over", "seed=0:1"]


def swept(out: Path, *words: str, over: list[str] = OVER) -> int:
    return main(["sweep", "lazy-scale", *SMALL, *over, *words, "--out", str(out)])


def test_a_sweep_writes_three_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert swept(tmp_path / "out", "--metrics", "max_displacement,kappa") == 0
    out = tmp_path / "out"
    assert set(os.listdir(out)) == FILES
    table = np.genfromtxt(out / "sweep.csv", delimiter=",", names=True, skip_header=7)
    assert table["run"].tolist() == [1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(table["scale"], [1, 10, 100] * 2)
    assert table["seed"].tolist() == [0, 0, 0, 1, 1, 1]
    scenario = load(out / "scenario.toml")
    assert isinstance(scenario, SweepScenario)
    assert (scenario.value_of("width"), scenario.value_of("steps")) == (10, 40)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert (summary["runs"], summary["finished"], summary["diverged"]) == (6, 6, 0)
    assert set(summary["fits"]) == {"max_displacement", "kappa"}
    mean = [table["kappa"][table["scale"] == scale].mean() for scale in table["scale"][:3]]
    fit = loglog_fit(table["scale"][:3], mean)
    assert summary["fits"]["kappa"] == {
        "scale": {"slope": fit.slope, "standard_error": fit.error, "points": 3}
    }
    assert fit.slope == pytest.approx(-1.0, abs=1e-10)
    assert "numpy" in summary["versions"]
    assert "all 6 runs are made" in capsys.readouterr().out


def test_diverged_runs_are_counted_and_not_fitted(tmp_path: Path):
    over = ["--over", "learning_rate=0.5,1.5,2.5", "--metrics", "gap"]
    assert main(["sweep", "quadratic", "--set", "steps=3000", *over, "--quiet",
                 "--out", str(tmp_path)]) == 0  # fmt: skip
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert (summary["diverged"], summary["diverged_runs"]) == (1, [3])
    assert summary["fits"]["gap"]["learning_rate"]["points"] <= 2


def test_a_sweep_file_needs_no_over(tmp_path: Path):
    assert swept(tmp_path / "a", "--quiet") == 0
    file = str(tmp_path / "a" / "scenario.toml")
    assert main(["sweep", file, "--quiet", "--out", str(tmp_path / "b")]) == 0
    for name in ("sweep.csv", "scenario.toml"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_sweep_is_a_scenario_like_any_other(tmp_path: Path):
    assert swept(tmp_path / "a", "--quiet") == 0
    file = str(tmp_path / "a" / "scenario.toml")
    assert main(["run", file, "--quiet", "--out", str(tmp_path / "b")]) == 0
    reading = {"delimiter": ",", "names": True, "skip_header": 7}
    table = np.genfromtxt(tmp_path / "a" / "sweep.csv", **reading)
    history = np.genfromtxt(tmp_path / "b" / "history.csv", **reading)
    assert history["max_loss"].tolist() == table["max_loss"].tolist()


def test_done_runs_are_not_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert swept(tmp_path, "--quiet") == 0
    whole = (tmp_path / "sweep.csv").read_bytes()
    monkeypatch.setattr(SweepSimulation, "_submit", None)
    assert swept(tmp_path) == 0
    assert "6 of 6 runs are done already" in capsys.readouterr().err
    assert (tmp_path / "sweep.csv").read_bytes() == whole


def test_the_results_of_another_scenario_are_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert swept(tmp_path, "--quiet") == 0
    whole = (tmp_path / "sweep.csv").read_bytes()
    other = ["--over", "scale=1,2"]
    assert swept(tmp_path, "--quiet", over=other) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "holds the results of another scenario" in error
    assert "--force" in error
    assert (tmp_path / "sweep.csv").read_bytes() == whole
    assert swept(tmp_path, "--quiet", "--force", over=other) == 0
    assert len((tmp_path / "sweep.csv").read_bytes().splitlines()) == 7 + 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "name what to sweep: --over name=START:STOP:COUNT"),
        (["--over", "widht=1,2"], "widht: the base has no number 'widht'"),
        (["--over", "scale=2:1:5"], "the range is empty"),
        (["--over", "seed=0:999999999"], "1,000,000,000 runs would take about"),
        (["--over", "scale:1:2"], "'scale:1:2' is not of the form"),
        (["--over", "scale=1,2", "--set", "scale=3"], "scale: it is swept"),
        (["--over", "scale=1,2", "--metrics", "kapa"], "no run gives a number 'kapa'"),
        (["--over", "width=2,1000000000"], "width: 1,000,000,000 needs"),
    ],
)
def test_wrong_input_gives_one_sentence_and_no_file(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["sweep", "lazy-scale", *words, "--out", str(tmp_path / "out")]) == 2
    output, error = capsys.readouterr()
    assert output == ""
    assert error.startswith("lazygui: ")
    assert sentence in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_a_device_that_fails_is_a_sentence(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    def fail(self: Simulation, steps: int) -> None:
        raise RuntimeError("CUDA error: out of luck\nCompile with …\n")

    monkeypatch.setattr(Simulation, "proceed", fail)
    over = OVER if command == "sweep" else []
    assert main([command, "lazy-scale", *over, "--quiet", "--out", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "CUDA error: out of luck" in error
    assert ("Run 1 of 6 (scale = 1, seed = 0)" in error) is (command == "sweep")


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert swept(tmp_path / "whole", "--quiet") == 0
    take = SweepSimulation._take

    def interrupted(self: Any, index: int) -> None:
        take(self, index)
        if index == 2:
            signal.raise_signal(signal.SIGINT)
            self._stop.set()

    out = tmp_path / "out"
    monkeypatch.setattr(SweepSimulation, "_take", interrupted)
    monkeypatch.setattr("lazygui.simulation.sweep.WAIT_SECONDS", 0.0)
    # One run at a time: those begun ahead could all have ended when the key is pressed.
    monkeypatch.setattr("lazygui.simulation.sweep.AHEAD", 1)
    assert swept(out, "--quiet") == 1
    error = capsys.readouterr().err
    assert "of 6 runs are kept in" in error
    assert "The same command goes on from there." in error
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["outcome"] == "cancelled"
    assert 3 <= summary["finished"] <= 6
    monkeypatch.undo()
    assert swept(out, "--quiet") == 0
    assert (out / "sweep.csv").read_bytes() == (tmp_path / "whole" / "sweep.csv").read_bytes()


def test_a_sweep_killed_in_the_middle_goes_on(tmp_path: Path):
    words = ["sweep", "lazy-scale", "--set", "width=10", "--steps", "20000", "--quiet",
             "--over", "scale=1:100:log:4", "--over", "seed=0:4"]  # fmt: skip
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "lazygui", *words, "--out", str(out)], cwd=ROOT
    )
    table = out / "sweep.csv"
    end = time.monotonic() + 40
    while time.monotonic() < end and process.poll() is None:
        if table.exists() and table.read_bytes().count(b"\n") >= 7 + 4:
            break
        time.sleep(0.01)
    process.kill()
    process.wait()
    kept = table.read_bytes()
    assert 7 + 4 <= kept.count(b"\n") < 7 + 21
    # A crash of the machine may leave less than a line of it.
    table.write_bytes(kept + b"7,1.0,0")
    assert main([*words, "--out", str(out)]) == 0
    assert table.read_bytes().startswith(kept)
    assert main([*words, "--out", str(tmp_path / "whole")]) == 0
    assert table.read_bytes() == (tmp_path / "whole" / "sweep.csv").read_bytes()
