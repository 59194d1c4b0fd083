"""How runs end."""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """The end of a run; the value is the sentence the user reads."""

    CONVERGED = "Converged: nothing is left to gain at this precision."
    STEP_LIMIT = "Finished: the number of steps asked for is reached."
    DIVERGED = "Diverged: the run stops at the last finite value."
    CANCELLED = "Cancelled: the run was stopped before its end."
    FAILED = "Failed: the run could not go on."
