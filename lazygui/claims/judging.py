"""Reading claims without being hurt by them, and what several verdicts say together."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lazygui.claims.claim import Claim, Reading, Verdict
from lazygui.numerics.interruption import Interrupted
from lazygui.simulation.history import History


def judged(claim: Claim, history: History) -> Reading:
    """The claim's reading; a check that raises has failed, with its error as what it measured.

    Only Interrupted, of a check that nobody waits for any more, goes on to the caller. Overflow
    and nan of a diverged run are no error: a comparison with nan fails by itself.
    """
    try:
        with np.errstate(all="ignore"):
            return claim.read(history)
    except Interrupted:
        raise
    except Exception as error:
        # Whatever is wrong with one check, the others and the run go on.
        return failed(f"{type(error).__name__}: {error}")


def failed(reason: str) -> Reading:
    """A check that could not be made."""
    return Reading("", " ".join(reason.split()), "", Verdict.FAILS)


def overall(verdicts: Iterable[Verdict]) -> Verdict | None:
    """One failure fails all; otherwise all must be known to hold. None when there is nothing."""
    found = set(verdicts)
    for verdict in (Verdict.FAILS, Verdict.PENDING, Verdict.HOLDS):
        if verdict in found:
            return verdict
    return None
