"""Start the program as a user does, and leave at the first frame that moves.

Nothing else is loaded: the time of this process is that of the program's start.
"""

from __future__ import annotations

import gc
import os
import sys

from lazygui.app.application import run_window
from lazygui.style.qt import load_qt

# The first frame that shows another point than the start.
MOVED = 1


def main() -> int:
    """Exit code 0 at the frame, 1 if torch or numba was loaded before it."""
    gc.disable()
    load_qt()
    from PySide6.QtCore import QTimer

    from lazygui.app import program

    class Watched(program.Program):
        def run(self, scenario: str | None) -> int:
            frames = self.window.findChild(QTimer, "stage-frames")
            assert frames is not None
            frames.timeout.connect(self.look)
            return super().run(scenario)

        def look(self) -> None:
            history = self.session.history
            if history is not None and history.last_step >= MOVED:
                os._exit(1 if sys.modules.keys() & {"torch", "numba"} else 0)

    program.Program = Watched  # type: ignore[misc]
    return run_window()


if __name__ == "__main__":
    sys.exit(main())
