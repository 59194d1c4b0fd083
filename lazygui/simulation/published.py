"""Results of sweeps that take minutes, computed once and shipped with the program.

A file in resources/results is the table of a sweep under comment lines that say where it comes
from: the complete scenario, and when, by what and how long it was computed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.files import loads
from lazygui.shipped import resource
from lazygui.simulation.history import Array

__all__ = ["Published", "published", "read_published"]


@dataclass(frozen=True)
class Published:
    """`columns` as recorded, a row per run; `provenance` by key: scenario, date, versions, …"""

    columns: Mapping[str, Array]
    provenance: Mapping[str, str]

    @property
    def note(self) -> str:
        """One line for a legend."""
        return f"paper size, {self.provenance['runs']} runs, computed {self.provenance['date']}"

    @property
    def scenario(self) -> Scenario:
        """The sweep that these are the results of. Raises ScenarioError if it cannot be read."""
        import json

        return loads(json.loads(self.provenance["scenario"]))


@lru_cache(maxsize=32)
def published(demo: str) -> Published | None:
    """The shipped results of a demo, None where there are none."""
    try:
        return read_published(resource(f"results/{demo}.csv"))
    except FileNotFoundError:
        return None


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
