"""Ledgers that nobody came back for go; those in use stay."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.ledger_folder import MOST_BYTES, OLDEST, tidy
from lazygui.simulation.sweep import SweepSimulation
from lazygui.simulation.sweep_ledger import ledger_name
from tests.export.runs import SWEEP

DAY = 24 * 3600.0


def ledger(folder: Path, name: str, days: float, size: int = 100) -> Path:
    path = folder / f"sweep-{name}.csv"
    path.write_bytes(b"x" * size)
    changed = time.time() - days * DAY
    os.utime(path, (changed, changed))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def in_use(folder: Path, days: float) -> SweepSimulation:
    """A sweep under way that keeps its runs in the folder, its last run long ago."""
    simulation = build_simulation(SWEEP)
    assert isinstance(simulation, SweepSimulation)
    simulation.resume_in(folder)
    changed = time.time() - days * DAY
    os.utime(folder / ledger_name(SWEEP), (changed, changed))
    return simulation


def test_the_limits_are_a_month_and_200_megabytes():
    assert (OLDEST, MOST_BYTES) == (30 * DAY, 200e6)


def test_what_is_older_than_a_month_goes_and_nothing_else(tmp_path: Path):
    ledger(tmp_path, "new", 0)
    ledger(tmp_path, "month", 29.9)
    old = ledger(tmp_path, "old", 30.1)
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    os.utime(other, (0, 0))
    (tmp_path / "sweep-folder.csv").mkdir()
    assert tidy(tmp_path) == [old]
    assert names(tmp_path) == ["notes.txt", "sweep-folder.csv", "sweep-month.csv", "sweep-new.csv"]


def test_beyond_the_size_the_oldest_go_first(tmp_path: Path):
    for name, days, size in (("a", 1, 400), ("b", 2, 100), ("c", 3, 600), ("d", 4, 50)):
        ledger(tmp_path, name, days, size)
    assert [path.name for path in tidy(tmp_path, most=1150)] == []
    assert [path.name for path in tidy(tmp_path, most=1100)] == ["sweep-d.csv"]
    assert [path.name for path in tidy(tmp_path, most=500)] == ["sweep-c.csv"]
    assert names(tmp_path) == ["sweep-a.csv", "sweep-b.csv"]


def test_a_ledger_in_use_stays_until_it_is_closed(tmp_path: Path):
    simulation = in_use(tmp_path, 100)
    old = ledger(tmp_path, "old", 99)
    assert tidy(tmp_path, most=0) == [old]
    assert names(tmp_path) == [ledger_name(SWEEP)]
    simulation.close()
    assert tidy(tmp_path) == [tmp_path / ledger_name(SWEEP)]


def test_a_ledger_in_use_by_another_process_stays(tmp_path: Path):
    text = (
        "import sys; from pathlib import Path; from lazygui.simulation.build import "
        "build_simulation; from tests.export.runs import SWEEP; s = build_simulation(SWEEP); "
        "s.resume_in(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", text, str(tmp_path)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    path = tmp_path / ledger_name(SWEEP)
    os.utime(path, (0, 0))
    assert tidy(tmp_path) == []
    other.communicate("", timeout=20)
    assert tidy(tmp_path) == [path]


def test_an_unfinished_sweep_that_was_left_yesterday_is_still_taken_up(tmp_path: Path):
    assert isinstance(SWEEP, SweepScenario)
    simulation = in_use(tmp_path, 0)
    while simulation.step < 2:
        simulation.proceed(2)
    simulation.close()
    changed = time.time() - DAY
    os.utime(tmp_path / ledger_name(SWEEP), (changed, changed))
    assert tidy(tmp_path) == []
    again = build_simulation(SWEEP)
    assert again.resume_in(tmp_path) >= 2
    again.close()


@pytest.mark.skipif(os.name == "nt", reason="permissions are others there")
def test_whatever_cannot_be_read_or_removed_is_left(tmp_path: Path):
    assert tidy(tmp_path / "nowhere") == []
    os.mkfifo(tmp_path / "sweep-pipe.csv")
    (tmp_path / "sweep-link.csv").symlink_to(tmp_path / "nothing")
    assert tidy(tmp_path, now=time.time() + 1000 * DAY) == []
    assert len(names(tmp_path)) == 2
