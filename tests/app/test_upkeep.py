"""Old ledgers go at a quiet moment, not at the start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from lazygui.app import upkeep
from lazygui.app.upkeep import Upkeep


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "sweep-old.csv"
    path.touch()
    os.utime(path, (0, 0))
    return path


def test_an_old_ledger_goes_after_the_delay(qtbot: Any, old: Path, monkeypatch: Any):
    assert upkeep.DELAY_MS >= 10_000
    monkeypatch.setattr(upkeep, "DELAY_MS", 100)
    keeper = Upkeep(old.parent)
    keeper.start()
    assert old.exists()
    qtbot.waitUntil(lambda: not old.exists(), timeout=3000)


def test_a_program_that_closes_before_leaves_it(qtbot: Any, old: Path, monkeypatch: Any):
    monkeypatch.setattr(upkeep, "DELAY_MS", 50)
    keeper = Upkeep(old.parent)
    keeper.start()
    keeper.stop()
    qtbot.wait(150)
    assert old.exists()
