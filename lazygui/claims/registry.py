"""Every claim of the lecture, in its order. A new part of the lecture is one line here."""

from __future__ import annotations

from collections.abc import Iterable

from lazygui.claims.claim import Claim
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean

_PARTS: tuple[tuple[Claim, ...], ...] = ()

CLAIMS: dict[str, Claim] = {claim.id: claim for part in _PARTS for claim in part}


def claims_named(names: Iterable[str]) -> tuple[Claim, ...]:
    """The claims of these names; "D06" stands for "D06" and every "D06.…".

    Raises ScenarioError naming what is unknown, with a near miss.
    """
    found: list[Claim] = []
    for name in names:
        matching = [c for c in CLAIMS.values() if name in (c.id, c.demo)]
        if not matching:
            hint = did_you_mean(name, {c.demo for c in CLAIMS.values()} | set(CLAIMS))
            raise ScenarioError([Fault("", f"there is no claim '{name}'{hint}")])
        found += [claim for claim in matching if claim not in found]
    return tuple(found)
