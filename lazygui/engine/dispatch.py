"""When a batch may be made: training comes first, and the screen has no use for more."""

from __future__ import annotations

from lazygui.engine.pace import FRAME_SECONDS

# The part of the engine's time that may go into measuring what the screen shows.
SHARE = 0.10
# Where a batch itself takes seconds, as for millions of neurons, the window isn't left without one
# for longer than this, or twice as long as it takes.
LONGEST_WAIT = 3.0
# A step that is recorded anyway is waited for no longer than this.
PATIENCE_SECONDS = 0.1


class Dispatch:
    """Learns from each batch what it costs. Times are seconds of one clock.

    Between two recorded steps a batch has a row of its own made, which for a network on many
    samples takes longer than the step itself: where that is dear, it waits for a recorded one.
    """

    def __init__(self) -> None:
        self._earliest = 0.0
        self._patience = 0.0

    def reset(self) -> None:
        """The first batch of a run goes at once."""
        self._earliest = self._patience = 0.0

    def due(self, is_recorded: bool) -> float:
        """The time from which the present step may be handed over."""
        return self._earliest if is_recorded else self._earliest + self._patience

    def sent(self, begun: float, ended: float, is_recorded: bool) -> None:
        """Take note of a batch: when its making began and ended."""
        taken = ended - begun
        wait = min(taken / SHARE, max(LONGEST_WAIT, 2.0 * taken))
        self._earliest = begun + max(FRAME_SECONDS, wait)
        if not is_recorded:
            self._patience = min(wait, PATIENCE_SECONDS) if wait > FRAME_SECONDS else 0.0
