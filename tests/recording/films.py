"""Small films, and what is inside a film file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from lazygui.recording.film import Film
from lazygui.recording.making import Made, film_run
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entry

DEMO = "quadratic"
SMALL = Film(width=640, height=360, fps=10, seconds=1.2, steps_per_frame=3, title_card=False)


def silent(phase: str, done: int, total: int) -> None:
    """Hear of the progress and say nothing."""


def scenario() -> Scenario:
    """A run that converges slowly enough for every step to look different."""
    return entry(DEMO).scenario.replace(learning_rate=0.02, steps=200, record_every=1)


def filmed(path: Path, listen: Any = silent, **changes: Any) -> Made:
    """The small film, changed, in a file."""
    return film_run(scenario(), entry(DEMO), replace(SMALL, **changes), path, listen)


def decoded(path: Path) -> list[NDArray[np.float64]]:
    """The pictures of a film as arrays of red, green and blue."""
    import av

    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24").astype(float) for frame in film.decode(video=0)]


def colours(picture: QImage) -> NDArray[np.float64]:
    """A picture as an array of red, green and blue."""
    image = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shown = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    return shown.astype(float)


def leftovers(folder: Path) -> list[str]:
    """The temporary files in a folder."""
    return [file.name for file in folder.iterdir() if file.name.startswith(".lazygui-")]
