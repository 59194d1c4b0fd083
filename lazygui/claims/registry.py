"""Every claim of the lecture, in its order. A new part of the lecture is one line here."""

from __future__ import annotations

from collections.abc import Iterable

from lazygui.claims.benefits import CLAIMS_OF_BENEFITS
from lazygui.claims.catapult import CLAIMS_OF_CATAPULT
from lazygui.claims.claim import Claim
from lazygui.claims.eigenmodes import CLAIMS_OF_EIGENMODES
from lazygui.claims.exercises import CLAIMS_OF_EXERCISES
from lazygui.claims.heuristics import CLAIMS_OF_HEURISTICS
from lazygui.claims.lazy import CLAIMS_OF_LAZY
from lazygui.claims.least_squares import CLAIMS_OF_LEAST_SQUARES
from lazygui.claims.networks import CLAIMS_OF_NETWORKS
from lazygui.claims.one_dimension import CLAIMS_OF_ONE_DIMENSION
from lazygui.claims.paper import CLAIMS_OF_PAPER
from lazygui.claims.regimes import CLAIMS_OF_REGIMES
from lazygui.claims.risk import CLAIMS_OF_RISK
from lazygui.claims.scaling import CLAIMS_OF_SCALING
from lazygui.claims.tangent_kernel import CLAIMS_OF_TANGENT_KERNEL
from lazygui.claims.two_dimensions import CLAIMS_OF_TWO_DIMENSIONS
from lazygui.claims.widths import CLAIMS_OF_WIDTHS
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean

_PARTS: tuple[tuple[Claim, ...], ...] = (
    CLAIMS_OF_RISK,
    CLAIMS_OF_REGIMES,
    CLAIMS_OF_ONE_DIMENSION,
    CLAIMS_OF_TWO_DIMENSIONS,
    CLAIMS_OF_EXERCISES,
    CLAIMS_OF_LEAST_SQUARES,
    CLAIMS_OF_EIGENMODES,
    CLAIMS_OF_NETWORKS,
    CLAIMS_OF_HEURISTICS,
    CLAIMS_OF_LAZY,
    CLAIMS_OF_SCALING,
    CLAIMS_OF_WIDTHS,
    CLAIMS_OF_BENEFITS,
    CLAIMS_OF_TANGENT_KERNEL,
    CLAIMS_OF_CATAPULT,
    CLAIMS_OF_PAPER,
)

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
