"""Files dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class DropTarget(QObject):
    """Lets a window take files that are dropped on it. Signal: dropped(list of Path)."""

    dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take drags that hold files, and leave all others to the window."""
        if not isinstance(event, QDropEvent):
            return False
        paths = files_in(event.mimeData())
        # A file is opened, never moved, whatever keys are held: the source would delete it.
        if not paths or not event.possibleActions() & Qt.DropAction.CopyAction:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() is QEvent.Type.Drop:
            self.dropped.emit(paths)
        return True


def files_in(content: QMimeData) -> list[Path]:
    """The local files that a drag holds, in its order."""
    return [Path(url.toLocalFile()) for url in content.urls() if url.isLocalFile()]
