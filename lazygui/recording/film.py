"""What a film is: its size, its length, how many steps pass from frame to frame, what frames it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from lazygui.recording.formats import FilmError, Format
from lazygui.style.themes import THEMES

MOST_FRAMES = 100_000
SMALLEST, LARGEST = (160, 90), (7680, 4320)
LONGEST = 24 * 3600.0
LOGICAL = (1280, 720)
"""What a stage is laid out in, whatever the size in pixels."""
VIEW_LOGICAL = (800, 450)
TITLE_SECONDS, FADE_SECONDS, HOLD_SECONDS = 2.0, 0.4, 1.0
FRAMING_SHARE = 0.25
"""The most of a short film that its title card and its last picture may take."""
PACES = ("steps", "log")
# Fewer steps per frame than this are not rounded up: the film would end too early.
COARSE = 10


@dataclass(frozen=True)
class Film:
    """How a run is filmed. `check` raises FilmError naming what is wrong.

    `steps_per_frame` = 0 lets the whole run pass; `pace` = "log" spaces the steps shown evenly in
    log k. `views` empty means the stage. `title` and `caption` None mean those of the demo.
    """

    width: int = 1280
    height: int = 720
    fps: int = 30
    seconds: float = 10.0
    steps_per_frame: int = 0
    pace: str = "steps"
    views: tuple[str, ...] = ()
    theme: str = "light"
    title_card: bool = True
    title: str | None = None
    caption: str | None = None
    formula: bool = True
    ticker: bool = True

    @property
    def frames(self) -> int:
        """The number of frames, title card included."""
        return max(1, round(self.seconds * self.fps))

    @property
    def title_frames(self) -> int:
        """Frames of the title card; the last of them fade into the first step."""
        if not self.title_card:
            return 0
        return int(min(TITLE_SECONDS, FRAMING_SHARE * self.seconds) * self.fps)

    @property
    def fade_frames(self) -> int:
        """Frames in which the title card fades."""
        return min(round(FADE_SECONDS * self.fps), self.title_frames // 2)

    @property
    def scale(self) -> float:
        """Pixels per logical pixel: the layout is the same from 720p to 4K."""
        width, height = VIEW_LOGICAL if len(self.views) == 1 else LOGICAL
        return min(self.width / width, self.height / height)

    @property
    def logical_size(self) -> tuple[int, int]:
        """The size of the layout in logical pixels, at least `LOGICAL` or `VIEW_LOGICAL`."""
        return math.ceil(self.width / self.scale), math.ceil(self.height / self.scale)

    def with_format(self, kind: Format) -> Film:
        """The same film as this kind of file takes it: pages have no title card."""
        return self if kind.moving else replace(self, title_card=False)

    def with_title_before(self) -> Film:
        """The film of a session: its title card comes before what was recorded."""
        return replace(self, seconds=self.seconds + self.title_frames / max(self.fps, 1))

    def check(self, kind: Format) -> Film:
        """The film itself. Raises FilmError with one sentence."""
        self._check_size(kind)
        if not 1 <= self.fps <= kind.most_fps:
            raise FilmError(
                f"{self.fps} frames per second are too many or too few for {kind.name}; choose 1 "
                f"to {kind.most_fps}"
            )
        if not 0.0 < self.seconds <= LONGEST:
            raise FilmError(f"a film of {self.seconds:g} s can't be made; choose up to 86400 s")
        self._check_choices()
        if self.frames > MOST_FRAMES:
            estimate = estimated(self, kind)
            raise FilmError(
                f"{self.frames:,} frames are too many: they would take about "
                f"{duration_text(estimate.seconds)} and {size_text(estimate.bytes)}; choose fewer "
                f"seconds or frames per second (at most {MOST_FRAMES:,} frames)"
            )
        return self

    def _check_size(self, kind: Format) -> None:
        width, height = self.width, self.height
        if width < SMALLEST[0] or height < SMALLEST[1]:
            raise FilmError(f"{width}x{height} is too small; choose at least 160x90")
        if width > LARGEST[0] or height > LARGEST[1]:
            raise FilmError(f"{width}x{height} is too large; choose at most 7680x4320")
        if kind.even and (width % 2 or height % 2):
            even = f"{width + width % 2}x{height + height % 2}"
            raise FilmError(
                f"{width}x{height} is odd: {kind.name} needs an even width and height; "
                f"choose {even}"
            )

    def _check_choices(self) -> None:
        if self.steps_per_frame < 0:
            raise FilmError(f"{self.steps_per_frame} steps per frame: choose 1 or more")
        if self.pace not in PACES:
            raise FilmError(f"pace '{self.pace}' is not known; choose one of {', '.join(PACES)}")
        if self.theme not in THEMES:
            raise FilmError(f"theme '{self.theme}' is not known; choose one of {', '.join(THEMES)}")

    def pace_for(self, steps: int) -> Fraction:
        """Steps per frame n: as asked for, or such that a run of `steps` fills the film."""
        if self.steps_per_frame:
            return Fraction(self.steps_per_frame)
        pace = Fraction(max(steps, 1), max(self._moving_frames() - 1, 1))
        return Fraction(math.ceil(pace)) if pace >= COARSE else pace

    def _moving_frames(self) -> int:
        """Frames of the run without those that hold its end."""
        shown = self.frames - self.title_frames
        hold = int(min(HOLD_SECONDS, FRAMING_SHARE / 2 * self.seconds) * self.fps)
        return max(shown - hold, 1)

    def step_of(self, frame: int, steps: int) -> int:
        """The step that frame k after the title card shows: ⌊k·n⌋, or spaced evenly in log k."""
        if self.pace == "log" and not self.steps_per_frame:
            share = min(frame / max(self._moving_frames() - 1, 1), 1.0)
            return min(round((steps + 1) ** share) - 1, steps)
        return min(math.floor(frame * self.pace_for(steps)), steps)


@dataclass(frozen=True)
class Estimate:
    """What a film will take, from measurements on two cores."""

    frames: int
    seconds: float
    bytes: int


def estimated(film: Film, kind: Format) -> Estimate:
    """Frames, seconds of work and bytes, roughly: the run itself comes on top."""
    share = film.width * film.height / (1280 * 720)
    size = kind.bytes_per_frame * (1.0 if kind.name == "pdf" else share**0.8)
    work = kind.seconds_per_frame * (1.0 if kind.name == "pdf" else 0.3 + 0.7 * share)
    return Estimate(film.frames, 2.0 + film.frames * work, round(film.frames * size))


def duration_text(seconds: float) -> str:
    """For example "40 s", "12 min" or "3.5 h"."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def size_text(size: int) -> str:
    """For example "3.2 MB"."""
    if size < 1_000_000:
        return f"{max(size / 1e3, 1):.0f} kB"
    return f"{size / 1e6:.1f} MB" if size < 1_000_000_000 else f"{size / 1e9:.1f} GB"
