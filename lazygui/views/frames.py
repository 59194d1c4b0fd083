"""Arrays of the newest frame."""

from __future__ import annotations

import numpy as np

from lazygui.simulation.history import History
from lazygui.views.window import Array


def frame_array(history: History, name: str) -> Array | None:
    """The array `name` of the newest step, or None where the frame hasn't got it."""
    frame = history.now
    if frame is None or name not in frame.arrays:
        return None
    return np.asarray(frame.arrays[name], dtype=np.float64)
