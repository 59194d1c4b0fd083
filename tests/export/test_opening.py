"""From a file back to a run: which files lead to one, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from lazygui.export.atomic import ExportError
from lazygui.export.data import write_data
from lazygui.export.opening import asked_scenario, first_run, is_file_name, open_run
from lazygui.export.table import write_history_csv
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps
from tests.export.runs import SCENARIO, SWEEP, small_run, small_sweep
from tests.simulation.records import as_bytes, run


def test_the_run_behind_a_table_repeats_itself_to_the_byte(tmp_path: Path):
    history = small_run()
    write_data(history, tmp_path / "run.npz")
    opened = open_run(tmp_path / "run.npz")
    assert opened.scenario == SCENARIO
    assert opened.scenario.changes[0].step == 17
    assert as_bytes(run(opened.scenario)) == as_bytes(history)


def test_a_sweep_comes_back(tmp_path: Path):
    write_data(small_sweep(), tmp_path / "sweep.long.csv")
    assert open_run(tmp_path / "sweep.long.csv").scenario == SWEEP


def test_a_folder_of_results_is_its_scenario(tmp_path: Path):
    (tmp_path / "scenario.toml").write_text(dumps(SCENARIO), encoding="utf-8")
    opened = open_run(tmp_path)
    assert (opened.scenario, opened.provenance) == (SCENARIO, None)
    assert opened.demo() is None


def test_the_demo_behind_a_file_is_known_whatever_changed(tmp_path: Path):
    demo = entry("lazy-scale")
    short = demo.scenario.with_change(3, "learning_rate", 0.5)
    history = small_run()
    for scenario, found in ((short, demo), (demo.scenario.replace(seed=5), None)):
        history.scenario = scenario
        write_history_csv(history, tmp_path / "history.csv")
        assert open_run(tmp_path / "history.csv").demo() == found


def test_the_first_that_leads_to_a_run_is_opened_and_the_others_are_named(tmp_path: Path):
    (tmp_path / "data.csv").write_text("x,y\n1,2\n")
    (tmp_path / "bad.toml").write_text("format = 1\nkind = 'lazzy'\n")
    for name in ("good.csv", "second.csv"):
        write_history_csv(small_run(), tmp_path / name)
    names = ("data.csv", "bad.toml", "good.csv", "second.csv")
    opened, said = first_run(tmp_path / name for name in names)
    assert opened is not None
    assert opened.path.name == "good.csv"
    assert len(said) == 3
    assert "data.csv does not say which run made it" in said[0]
    assert "did you mean 'lazy'?" in said[1]
    assert said[2] == "second.csv was not opened: one file at a time."
    assert not any("\n" in sentence for sentence in said)
    assert first_run([tmp_path / "data.csv"])[0] is None
    assert first_run([]) == (None, ())


def test_demos_and_files_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.name").touch()
    (tmp_path / "quadratic").mkdir()
    for name in ("a.toml", "a.PDF", "a.mp4", "a/b", "./quadratic", "odd.name", "é.csv"):
        assert is_file_name(name)
    for name in ("quadratic", "lazy-scale", "no.such", "n\0l.x"):
        assert not is_file_name(name)
    assert asked_scenario("quadratic") == entry("quadratic").scenario
    with pytest.raises(ScenarioError, match="did you mean 'quadratic'"):
        asked_scenario("quadratc")
    with pytest.raises(ExportError, match="there is no such file"):
        asked_scenario("a.pdf")
