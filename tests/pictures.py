"""The pictures of README.md: whole windows, taken from the real one, and stages, by the gallery.

    python -m tests.pictures [--only window-light] [--folder resources/pictures]

Each picture of a window is a demo of the catalogue, paused at a given step; those of a sweep are
its runs. No screen is needed: the window draws on Qt's offscreen platform, and the user's settings
stay untouched.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

# Before Qt is loaded, which reads it once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from lazygui.app.program import Program

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "pictures"
SIZE = (1360, 860)
SCALE = 1.0
LARGEST_BYTES = 400_000
SMALLEST = 0  # the "quality" of a PNG in Qt: the lower, the harder it is packed
POLL_MS = 50
SETTLE_MS = 1200
PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Shot:
    """One picture: `demo` in `theme`, paused at the first screen refresh from `step` on.

    A `published` one shows results at the paper's size behind the run, and is left out without.
    """

    name: str
    demo: str
    theme: str
    step: int
    published: bool = False


SHOTS = (
    Shot("window-light", "lazy-scale", "light", 1500),
    Shot("window-dark", "teacher-plane", "dark", 4000),
    Shot("sweep", "theorem-doubled", "light", 39),
    Shot("paper-size", "figure-1c", "light", 20, published=True),
)

# What the gallery makes of the stage of a demo: the name here, the demo, the file there.
STAGES = (
    ("descent-2d", "conditioning", "stage-light.png"),
    ("loss-slice", "permuted", "stage-light.png"),
    ("kernel-dark", "kernel", "stage-dark.png"),
)
STAGE_SIZE = "1280x960"


class Photographer(QObject):
    """Takes the shots one after the other and closes the window."""

    def __init__(self, program: Program, shots: tuple[Shot, ...], folder: Path) -> None:
        super().__init__()
        self._program, self._shots, self._folder = program, list(shots), folder
        self._waited = 0
        self._poll = QTimer(self)
        self._poll.timeout.connect(self._look)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.timeout.connect(self._take)
        self.faults: list[str] = []

    @Slot()
    def next(self) -> None:
        """Start the demo of the next shot, or close the window after the last one."""
        if not self._shots:
            self._program.window.close()
            return
        from lazygui.style.themes import THEMES

        shot = self._shots[0]
        self._program.window.set_theme(THEMES[shot.theme])
        self._program.window.director.choose(shot.demo)
        self._waited = 0
        self._poll.start(POLL_MS)

    @Slot()
    def _look(self) -> None:
        self._waited += POLL_MS
        session, shot = self._program.session, self._shots[0]
        if self._waited > PATIENCE_MS:
            self.faults.append(f"{shot.name}: {shot.demo} didn't reach step {shot.step}")
        elif not self._is_there(shot):
            return
        self._poll.stop()
        session.pause()
        # Formulas are typeset behind the window, and kappa comes after the first batch.
        self._settled.start(SETTLE_MS)

    def _is_there(self, shot: Shot) -> bool:
        session = self._program.session
        if session.history is None or self._program.window.director.entry is None:
            return False
        wanted = self._program.window.director.entry.scenario
        running = session.history.scenario.without_changes() == wanted
        return running and session.history.last_step >= shot.step

    @Slot()
    def _take(self) -> None:
        from lazygui.app.files import picture_of

        shot = self._shots.pop(0)
        path = self._folder / f"{shot.name}.png"
        if picture_of(self._program.window, SCALE).save(str(path), "PNG", SMALLEST):
            self.faults += weighed(path)
        else:
            self.faults.append(f"{path} can't be written")
        self.next()


def weighed(path: Path) -> list[str]:
    """Tell the size of a picture; the fault of one that is too large for a page."""
    size = path.stat().st_size
    print(f"{path.name}: {size / 1000:.0f} kB")
    too_large = size > LARGEST_BYTES
    return [f"{path.name} has {size} bytes, more than {LARGEST_BYTES}"] * too_large


def main() -> int:
    """Take the pictures; 1 with a sentence for each that failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--only", choices=[shot.name for shot in SHOTS] + [name for name, _, _ in STAGES]
    )
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    shots = tuple(s for s in SHOTS if options.only in (None, s.name) and _has_its_results(s))
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CONFIG_HOME"] = home
        faults = _photograph(shots, options.folder) if shots else []
    faults += _from_gallery([s for s in STAGES if options.only in (None, s[0])], options.folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _has_its_results(shot: Shot) -> bool:
    from lazygui.simulation.published import published

    if not shot.published or published(shot.demo) is not None:
        return True
    print(f"{shot.name}: left out, resources/results has nothing for {shot.demo}", file=sys.stderr)
    return False


def _photograph(shots: tuple[Shot, ...], folder: Path) -> list[str]:
    from lazygui.app.program import Program

    program = Program(["lazygui"])
    program.window.resize(*SIZE)
    photographer = Photographer(program, shots, folder)
    QTimer.singleShot(SETTLE_MS, photographer.next)
    program.run(None)
    return photographer.faults


def _from_gallery(stages: list[tuple[str, str, str]], folder: Path) -> list[str]:
    if not stages:
        return []
    demos = [demo for _, demo, _ in stages]
    with tempfile.TemporaryDirectory() as made:
        command = [sys.executable, "-m", "lazygui", "gallery", "--out", made, "--demo", *demos]
        command += ["--no-films", "--formats", "png", "--size", STAGE_SIZE, "--quiet"]
        subprocess.run(command, cwd=ROOT, check=True)
        faults = []
        for name, demo, file in stages:
            target = folder / f"{name}.png"
            shutil.copyfile(Path(made) / demo / file, target)
            faults += weighed(target)
    return faults


if __name__ == "__main__":
    sys.exit(main())
