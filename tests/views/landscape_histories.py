"""A synthetic run with slices of a landscape, made without the simulations."""

from __future__ import annotations

import numpy as np

from lazygui.scenarios.landscape import LandscapeScenario
from lazygui.simulation.history import Frame, History
from tests.views import histories


def landscape_frame(step: int, share: float, size: int = 15) -> Frame:
    """Two valleys of depth 1e-3 at (0, 0) and (1, 0), and a path into the first one."""
    x, y = np.linspace(-0.5, 1.5, size), np.linspace(-0.6, 1.4, size)
    across, up = np.meshgrid(x, y)
    loss = 1e-3 + ((across * (across - 1)) ** 2 + up**2) / 3
    t = np.linspace(-0.25, 1.25, 61)
    path = (1 - share * np.linspace(0.0, 1.0, 9))[:, None] * np.array([0.3, 0.5])
    return Frame(step, {
        "slice_loss": loss, "slice_x": x, "slice_y": y, "slice_path": path,
        "slice_points": np.array([[0.0, 0.0], [1.0, 0.0], [0.6, 0.9]]),
        "slice_variance": np.full(2, np.nan), "line_position": t,
        "line_loss": 1e-3 + (t * (t - 1)) ** 2 / 3, "line_loss_linearized": 0.05 + (t + 0.2) ** 2,
    })  # fmt: skip


def landscape(rows: int = 60, plane: str = "permuted") -> History:
    """A history with the frames that the views of a landscape ask for."""
    scenario = LandscapeScenario(steps=1_000_000, plane=plane)
    facts = {"slice_plane": plane, "slice_axes": ("from <i>w</i> to <i>Pw</i>", "across")}
    columns = {
        name: histories.lazy_columns(np.arange(float(rows)))[name]
        for name in ("step", "time", "loss")
    }
    frames = tuple(landscape_frame(k * rows // 5, k / 5) for k in range(6))
    return histories._filled(scenario, columns, facts, frames)
