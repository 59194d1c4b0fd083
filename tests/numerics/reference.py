"""Independent reference values (tests/reference), computed without this package."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent.parent / "reference"


@cache
def values() -> dict[str, Any]:
    """The numbers of reference_values.json, by topic."""
    parsed: dict[str, Any] = json.loads((FOLDER / "reference_values.json").read_text("utf-8"))
    return parsed


def arrays(name: str) -> dict[str, np.ndarray]:
    """The arrays of ``name.npz``, for instance ``arrays("sgd_inputs")["Phi"]``."""
    with np.load(FOLDER / f"{name}.npz") as archive:
        return {key: archive[key] for key in archive.files}
