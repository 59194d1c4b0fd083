"""Results of sweeps that take minutes, computed once and shipped with the program.

A file in resources/results is the table of a sweep under comment lines that say where it comes
from: the scenario it belongs to, by its fingerprint, and when, by what and how long it ran.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from lazygui.scenarios.resources import resource
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import Array
from lazygui.simulation.sweep_ledger import ledger_name

__all__ = ["Published", "fingerprint", "published", "read_published"]


@dataclass(frozen=True)
class Published:
    """`columns` as recorded, a row per run; `provenance` by key: scenario, date, versions, …"""

    columns: Mapping[str, Array]
    provenance: Mapping[str, str]

    @property
    def note(self) -> str:
        """One line for a legend."""
        return f"paper size, {self.provenance['runs']} runs, computed {self.provenance['date']}"

    def belongs_to(self, sweep: SweepScenario) -> bool:
        """Whether these are the results of that sweep."""
        return self.provenance["scenario"] == fingerprint(sweep)


def fingerprint(sweep: SweepScenario) -> str:
    """A hash of all that decides the numbers of a sweep."""
    return ledger_name(sweep).removeprefix("sweep-").removesuffix(".csv")


@lru_cache(maxsize=32)
def published(demo: str) -> Published | None:
    """The shipped results of a demo, None where there are none."""
    path = resource("results") / f"{demo}.csv"
    return read_published(path) if path.is_file() else None


def read_published(path: Path) -> Published:
    """Read a file of results. Raises ValueError naming the file when it is not one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line[1:].partition("=") for line in lines if line.startswith("#")]
    provenance = {key.strip(): value.strip() for key, _, value in comments}
    rows = list(csv.reader(line for line in lines if line and not line.startswith("#")))
    if not rows or not {"scenario", "runs", "date"} <= set(provenance):
        raise ValueError(f"{path}: not a table of results with its provenance.")
    table = np.array(rows[1:], dtype=float).reshape(-1, len(rows[0]))
    return Published(dict(zip(rows[0], table.T, strict=True)), provenance)
