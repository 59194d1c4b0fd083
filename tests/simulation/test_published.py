"""The shipped results: that they are those of the demos, at the paper's size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lazygui.claims.claim import Verdict
from lazygui.claims.judging import judged
from lazygui.claims.registry import claims_named
from lazygui.scenarios.catalogue import entries, entry
from lazygui.scenarios.sweep import SweepScenario
from lazygui.shipped import resource
from lazygui.simulation.history import Batch, History
from lazygui.simulation.published import published, read_published
from lazygui.simulation.sweep import SweepSimulation

SHIPPED = sorted(path.stem for path in resource("results").glob("*.csv"))


def history_of(demo: str) -> History:
    """The shipped rows as the history of a finished sweep."""
    results = published(demo)
    sweep = entry(demo).full
    assert results is not None
    assert isinstance(sweep, SweepScenario)
    simulation = SweepSimulation(sweep)
    history = History(sweep, simulation.columns, dict(simulation.facts))
    count = np.arange(1.0, sweep.steps + 1.0)
    rows = {"step": count, "time": count, **results.columns}
    rows = {column.name: rows[column.name] for column in simulation.columns}
    tail = {name: values[-1] for name, values in rows.items()}
    history.append(Batch(0, sweep.steps, rows, tail))
    return history


def test_every_sweep_of_the_paper_has_its_results():
    sweeps = [item.id for item in entries() if isinstance(item.full, SweepScenario)]
    assert sorted(sweeps) == SHIPPED


@pytest.mark.parametrize("demo", SHIPPED)
def test_results_are_those_of_the_demo(demo: str):
    results = published(demo)
    assert results is not None
    assert results.scenario == entry(demo).full
    assert int(results.provenance["runs"]) == entry(demo).full.steps  # type: ignore[union-attr]
    assert all(len(values) == entry(demo).full.steps for values in results.columns.values())  # type: ignore[union-attr]
    assert {"date", "numpy", "lazygui", "machine"} <= set(results.provenance)


@pytest.mark.parametrize("demo", SHIPPED)
def test_the_claims_hold_at_the_size_of_the_paper(demo: str):
    history = history_of(demo)
    for claim in claims_named(entry(demo).claims):
        reading = judged(claim, history)
        assert reading.verdict is Verdict.HOLDS, (claim.id, reading)


def test_a_file_without_provenance_is_refused(tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text("gain,loss\n1,2\n")
    with pytest.raises(ValueError, match="not a table of results"):
        read_published(path)
