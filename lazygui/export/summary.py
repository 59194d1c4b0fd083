"""What a run came to, as JSON: outcome, κ and its factors, final values, versions, speed."""

from __future__ import annotations

import json
import math
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from lazygui import __version__
from lazygui.simulation.history import History
from lazygui.simulation.outcome import Outcome

LAZINESS = (
    "kappa",
    "residual_norm",
    "differential_norm",
    "second_differential_norm",
    "kappa_exact",
    "kappa_note",
    "lambda_max",
)
SETTING = ("stability_limit", "best_learning_rate", "n_parameters", "backend", "description")


def summary(
    history: History, outcome: Outcome, sentence: str, seconds: float, notices: tuple[str, ...]
) -> dict[str, Any]:
    """Everything worth keeping of a finished run but its rows."""
    facts = history.facts
    return {
        "kind": history.scenario.kind,
        "outcome": outcome.name.lower(),
        "sentence": sentence,
        "steps": history.last_step,
        "laziness": {name: plain(facts[name]) for name in LAZINESS if name in facts},
        "setting": {name: plain(facts[name]) for name in SETTING if name in facts},
        "final": {column.name: plain(history.latest(column.name)) for column in history.columns},
        "notices": list(notices),
        "wall_seconds": seconds,
        "steps_per_second": history.last_step / seconds if seconds > 0 else None,
        "versions": versions(),
    }


def dumps(values: dict[str, Any]) -> str:
    """JSON text with two spaces of indent, a newline at the end."""
    return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def versions() -> dict[str, str]:
    """Versions of the program and of what computes."""
    found = {"lazygui": __version__, "python": platform.python_version()}
    for package in ("numpy", "numba", "torch", "scipy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def plain(value: Any) -> Any:
    """A JSON value: arrays as lists, numbers that are not finite as their name."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
