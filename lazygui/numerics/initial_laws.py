"""The laws that the weights of a network are drawn from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["draw_output_weights", "draw_rows"]

Array = npt.NDArray[np.float64]


def draw_rows(rng: np.random.Generator, count: int, inputs: int, law: str) -> Array:
    """Draw the rows a_j (count, d): N(0, I) for "gaussian", on the unit sphere for "unit".

    Raises ValueError for another law.
    """
    if law not in ("gaussian", "unit"):
        raise ValueError(f"Unknown law '{law}' of the hidden rows: choose gaussian or unit.")
    rows = rng.standard_normal((count, inputs))
    return rows if law == "gaussian" else rows / np.linalg.norm(rows, axis=1, keepdims=True)


def draw_output_weights(rng: np.random.Generator, count: int, law: str) -> Array:
    """Draw c (count,): N(0, 1) "gaussian", +-1 "rademacher", U(0, 1) "uniform"; else ValueError."""
    if law == "gaussian":
        return rng.standard_normal(count)
    if law == "rademacher":
        return rng.choice(np.array([-1.0, 1.0]), size=count)
    if law == "uniform":
        return rng.uniform(0.0, 1.0, count)
    raise ValueError(
        f"Unknown law '{law}' of the output weights: choose gaussian, rademacher or uniform."
    )
