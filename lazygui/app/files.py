"""Saving what the window shows: the scenario, the recorded numbers, the window itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from lazygui.export.atomic import write_bytes
from lazygui.export.data import write_data
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.files import dumps
from lazygui.simulation.history import History

PICTURE_SCALE = 2.0
LARGEST_SIDE = 16384


@dataclass(frozen=True)
class SavedScenario:
    """A scenario to be written to a file, in any thread."""

    scenario: Scenario
    path: Path

    def __call__(self) -> Path:
        """Write it; the path. Raises ExportError."""
        write_bytes(self.path, dumps(self.scenario).encode("utf-8"))
        return self.path


@dataclass(frozen=True)
class SavedHistory:
    """The numbers of a run at rest to be written, the ending saying how, in any thread."""

    history: History
    path: Path

    def __call__(self) -> Path:
        """Write them; the path. Raises ExportError."""
        write_data(self.history, self.path)
        return self.path


def picture_of(widget: QWidget, scale: float = PICTURE_SCALE) -> QImage:
    """A widget as it is on the screen, `scale` pixels per pixel."""
    fitting = min(scale, LARGEST_SIDE / max(widget.width(), widget.height(), 1))
    size = widget.size() * fitting
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(fitting)
    image.fill(widget.palette().window().color())
    widget.render(image, sourceRegion=QRect(0, 0, widget.width(), widget.height()))
    return image
