"""Sweeps: their rows are those of single runs, whatever the threads, pauses and restarts."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazygui import headless
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.kinds import build_scenario
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation import sweep_run
from lazygui.simulation.build import build_simulation, check_memory
from lazygui.simulation.history import History
from lazygui.simulation.outcome import Outcome
from lazygui.simulation.sweep import SweepSimulation
from lazygui.simulation.sweep_ledger import LedgerError, ledger_name

ALPHAS = {"name": "scale", "start": 1.0, "stop": 100.0, "count": 3, "spacing": "log"}
SEEDS = {"name": "seed", "start": 0, "stop": 1, "count": 2}
LAZY = {"kind": "lazy", "width": 8, "steps": 400, "samples": 5}
SWEEPS: dict[str, dict[str, Any]] = {
    "lazy": {"base": LAZY, "axes": [ALPHAS, SEEDS], "metrics": ["kappa", "lambda_max"]},
    "dense": {"base": {**LAZY, "record_every": 1, "test_samples": 9}, "axes": [SEEDS]},
    "digits": {
        "base": {**LAZY, "data": "digits", "samples": 20, "test_samples": 20, "steps": 50},
        "axes": [{"name": "digit", "values": [0, 3]}],
    },
    "deep": {"base": {**LAZY, "network": "mlp", "steps": 20}, "axes": [SEEDS]},
    "least-squares": {
        "base": {"kind": "least-squares", "steps": 300},
        "axes": [{"name": "features", "values": [2, 3, 8]}, SEEDS],
    },
    "descent": {
        "base": {"kind": "descent", "steps": 900},
        "axes": [{"name": "learning_rate", "start": 0.1, "stop": 1.9, "count": 7}],
    },
}
SLOW = {"base": {**LAZY, "steps": 10**9}, "axes": [SEEDS]}


def sweep(name: str | dict[str, Any]) -> SweepScenario:
    values = SWEEPS[name] if isinstance(name, str) else name
    made = build_scenario({"kind": "sweep", **values})
    assert isinstance(made, SweepScenario)
    return made


def built(name: str | dict[str, Any]) -> SweepSimulation:
    simulation = build_simulation(sweep(name))
    assert isinstance(simulation, SweepSimulation)
    return simulation


def table(history: History) -> dict[str, list[str]]:
    """Every column as text, NaN equal to NaN."""
    return {column.name: list(map(repr, history[column.name])) for column in history.columns}


def alone(scenario: Scenario, metrics: tuple[str, ...]) -> dict[str, float]:
    """The row that a run gives by itself."""
    simulation = build_simulation(scenario)
    history, _ = headless.run(simulation)
    row: dict[str, float] = {"steps_made": history.last_step}
    for column in history.columns[2:]:
        if not column.shape:
            values = history[column.name]
            row |= {column.name: values[-1], f"max_{column.name}": values.max()}
            row[f"min_{column.name}"] = values.min()
    facts = {**simulation.facts, **simulation.diagnose()}
    return row | {name: facts[name] for name in metrics if name in facts}


@pytest.mark.parametrize("name", SWEEPS)
def test_every_row_is_that_of_the_run_alone(name: str):
    made = sweep(name)
    history, interrupted = headless.run(build_simulation(made))
    assert not interrupted
    assert history["step"].tolist() == list(range(1, made.steps + 1))
    for index in range(made.steps):
        run = made.run(index)
        for axis in made.axes:
            assert history[axis.name][index] == getattr(run, axis.name)
        for column, value in alone(run, made.metrics).items():
            if column not in made.swept:
                assert history[column][index] == value, column


def test_any_number_of_threads_and_any_parts_give_the_same_rows(monkeypatch: pytest.MonkeyPatch):
    whole = None
    for threads in (1, 2, 4):
        monkeypatch.setattr("lazygui.scenarios.sweep.cores", lambda n=threads: n)
        history, _ = headless.run(built("lazy"))
        whole = whole or table(history)
        assert table(history) == whole
    parts = built("lazy")
    history = History(parts.scenario, parts.columns, dict(parts.facts))
    for steps in (0, 1, 2, 0, 9):
        history.append(parts.advance(steps))
    assert table(history) == whole


def test_facts_and_columns_are_what_views_rely_on():
    simulation = built("lazy")
    with closing(simulation):
        (name, values, log), (seed, _, seed_log) = simulation.facts["axes"]
        assert (name, log, seed, seed_log) == ("scale", True, "seed", False)
        np.testing.assert_allclose(values, [1, 10, 100])
        assert simulation.facts["runs"] == 6
        names = [column.name for column in simulation.columns]
        assert names[:6] == ["step", "time", "scale", "seed", "steps_made", "diverged"]
        assert {"loss", "max_output_gap", "min_loss", "kappa", "lambda_max"} <= set(names)
        assert len(names) == len(set(names))
        assert len(simulation.collect().rows["loss"]) == 0
        history = History(simulation.scenario, simulation.columns)
        history.append(simulation.collect())
        assert len(history) == 0


def test_a_run_that_diverges_is_kept_and_its_numbers_are_not():
    rates = {"name": "learning_rate", "values": [0.5, 2.5, 0.7]}
    made = {"base": {"kind": "descent", "steps": 5000}, "axes": [rates], "metrics": ["gap"]}
    history, _ = headless.run(built(made))
    assert history["diverged"].tolist() == [0, 1, 0]
    assert np.isnan(history["gap"]).tolist() == [False, True, False]
    assert np.isnan(history["max_loss"]).tolist() == [False, True, False]
    assert 100 < history["steps_made"][1] < 5000
    assert history["learning_rate"].tolist() == [0.5, 2.5, 0.7]


def test_a_run_that_fails_ends_the_sweep_and_is_named(monkeypatch: pytest.MonkeyPatch):
    build = sweep_run.build_simulation

    def faulty(scenario: Any) -> Any:
        if (scenario.scale, scenario.seed) == (10.0, 1):
            raise RuntimeError("the device is gone")
        return build(scenario)

    monkeypatch.setattr(sweep_run, "build_simulation", faulty)
    simulation = built("lazy")
    with pytest.raises(RuntimeError) as caught:
        simulation.advance(99)
    assert str(caught.value) == "Run 5 of 6 (scale = 10, seed = 1) failed: the device is gone"
    assert simulation.step == 4
    assert not sweep_threads()


def sweep_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("sweep")]


def test_the_window_never_waits_for_a_long_run():
    simulation = built(SLOW)
    with closing(simulation):
        for _ in range(5):
            started = time.perf_counter()
            simulation.proceed(10)
            assert time.perf_counter() - started < 0.2
        assert (simulation.step, simulation.outcome) == (0, None)
        assert sweep_threads()
        started = time.perf_counter()
    assert time.perf_counter() - started < 1.5
    assert not sweep_threads()
    simulation.close()


def test_a_sweep_at_rest_begins_no_runs(monkeypatch: pytest.MonkeyPatch):
    begun: list[int] = []
    row = sweep_run.RunMeter.row

    def counted(self: Any, index: int, stop: threading.Event) -> Any:
        begun.append(index)
        return row(self, index, stop)

    monkeypatch.setattr(sweep_run.RunMeter, "row", counted)
    monkeypatch.setattr("lazygui.scenarios.sweep.cores", lambda: 2)
    many = {"base": {**LAZY, "steps": 5}, "axes": [{**SEEDS, "stop": 99, "count": 100}]}
    simulation = built(many)
    with closing(simulation):
        simulation.proceed(0)
        assert begun == []
        simulation.advance(3)
        time.sleep(0.3)
        here = len(begun)
        assert 3 <= here <= 20
        time.sleep(0.2)
        assert len(begun) == here


def test_a_snapshot_is_a_number_of_runs():
    simulation = built("lazy")
    first = simulation.advance(2)
    snapshot = simulation.snapshot()
    rest = simulation.advance(9)
    assert simulation.outcome is Outcome.STEP_LIMIT
    simulation.restore(snapshot)
    assert (simulation.step, simulation.outcome) == (2, None)
    again = simulation.advance(9)
    assert simulation.outcome is Outcome.STEP_LIMIT
    assert len(first.rows["loss"]) == 2
    for name, values in rest.rows.items():
        assert values.tobytes() == again.rows[name].tobytes()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"metrics": ["max_los"]}, "metrics: no run gives a number 'max_los'; did you mean"),
        ({"metrics": ["eigenvalues"]}, "metrics: no run gives a number 'eigenvalues'"),
        ({"abscissa": "kapa"}, "abscissa: no run gives a number 'kapa'; did you mean 'kappa'?"),
    ],
)
def test_a_metric_that_no_run_gives_is_refused(values: dict[str, Any], sentence: str):
    with pytest.raises(ScenarioError) as caught:
        built({**SWEEPS["lazy"], **values})
    assert str(caught.value).startswith(sentence)


def test_a_sweep_too_large_for_memory_names_the_size():
    widths = {"name": "width", "values": [4, 10**9]}
    with pytest.raises(ScenarioError, match=r"width: 1,000,000,000 needs"):
        check_memory(sweep({"base": LAZY, "axes": [widths]}))


def finished(made: dict[str, Any] | str, path: Path) -> bytes:
    simulation = built(made)
    simulation.open_ledger(path)
    headless.run(simulation)
    return path.read_bytes()


def test_finished_runs_are_taken_over_from_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "sweep.csv"
    whole = finished("lazy", path)
    history, _ = headless.run(built("lazy"))
    lines = whole.decode().splitlines(keepends=True)
    assert len(lines) == 7
    assert lines[0].startswith("run,scale,seed,steps_made,diverged,")
    begun: list[int] = []
    row = sweep_run.RunMeter.row

    def counted(self: Any, index: int, stop: threading.Event) -> Any:
        begun.append(index)
        return row(self, index, stop)

    monkeypatch.setattr(sweep_run.RunMeter, "row", counted)
    damaged = {
        "half a line": "".join(lines[:4]) + lines[4][:37],
        "no last line end": "".join(lines[:4]) + lines[4][:-1],
        "a line of zeros": "".join(lines[:4]) + "\0" * 40 + "\n" + lines[5],
        "half a header": lines[0][:20],
        "nothing": "",
        "everything": "".join(lines),
    }
    for case, text in damaged.items():
        path.write_bytes(text.encode())
        begun.clear()
        simulation = built("lazy")
        kept = simulation.open_ledger(path)
        again, _ = headless.run(simulation)
        assert table(again) == table(history), case
        assert path.read_bytes() == whole, case
        expected = {"everything": 6, "nothing": 0, "half a header": 0}.get(case, 3)
        assert kept == expected
        assert sorted(begun) == list(range(expected, 6)), case


def test_a_ledger_of_another_sweep_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "sweep.csv"
    whole = finished("lazy", path)
    simulation = built("descent")
    with pytest.raises(LedgerError, match="holds another sweep"):
        simulation.open_ledger(path)
    assert path.read_bytes() == whole
    with pytest.raises(LedgerError, match=r"Cannot write .*: No such file or directory"):
        simulation.open_ledger(tmp_path / "none" / "sweep.csv")


def test_diverged_runs_come_back_from_the_ledger(tmp_path: Path):
    rates = {"name": "learning_rate", "values": [0.5, 2.5]}
    made = {"base": {"kind": "descent", "steps": 3000}, "axes": [rates]}
    whole = finished(made, tmp_path / "a.csv")
    assert whole == finished(made, tmp_path / "a.csv")
    assert whole.decode().splitlines()[2].split(",")[3:5] == ["1", "nan"]


def test_ledgers_in_one_folder_have_names_of_their_own():
    names = {ledger_name(sweep(name)) for name in SWEEPS}
    assert len(names) == len(SWEEPS)
    assert ledger_name(sweep("lazy")) == ledger_name(sweep("lazy"))


def test_a_sweep_taken_up_in_a_folder_leaves_nothing_there_at_its_end(tmp_path: Path) -> None:
    first = built("lazy")
    assert first.resume_in(tmp_path) == 0
    first.advance(2)
    first.close()
    assert [file.suffix for file in tmp_path.iterdir()] == [".csv"]
    second = built("lazy")
    assert second.resume_in(tmp_path) >= 2
    rows = second.advance(second.sweep.steps).rows
    assert list(tmp_path.iterdir()) == []
    with closing(built("lazy")) as alone:
        expected = alone.advance(alone.sweep.steps).rows
    np.testing.assert_array_equal(rows["loss"], expected["loss"])
