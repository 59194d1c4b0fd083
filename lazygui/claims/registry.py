"""Every claim of the lecture, in its order. A new part of the lecture is one line here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module

from lazygui.claims.claim import Claim
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean

_PARTS: dict[str, tuple[str, ...]] = {
    "risk": ("D01", "D03", "D04"),
    "regimes": ("D05",),
    "one_dimension": ("D06", "D07", "D08", "D09"),
    "two_dimensions": ("D02", "D10"),
    "exercises": ("D11", "D12", "D13"),
    "least_squares": ("D14", "D15", "D16", "D18"),
    "eigenmodes": ("D17", "D19"),
    "networks": ("D20", "D21", "D22"),
    "heuristics": ("D23", "D25", "D26"),
    "lazy": ("D24", "D27", "D28"),
    "scaling": ("D29", "D30", "D31"),
    "widths": ("D32", "D33"),
    "benefits": ("D34", "D35"),
    "tangent_kernel": ("D37",),
    "catapult": ("D38",),
    "paper": ("P1a", "P1b", "P1c", "P2a", "P2b"),
}
"""The modules of claims, each with the demos that it is the home of."""


class Claims(Mapping[str, Claim]):
    """The claims by id. A demo loads its own only: the window begins with one demo."""

    def __init__(self, parts: Mapping[str, tuple[str, ...]]) -> None:
        self._parts = parts

    def of_demo(self, demo: str) -> list[Claim]:
        """What is claimed of a demo, "D06"; nothing for an unknown one."""
        home = next((module for module, demos in self._parts.items() if demo in demos), None)
        return [claim for claim in _load(home) if claim.demo == demo] if home else []

    def __getitem__(self, name: str) -> Claim:
        return {claim.id: claim for claim in self.of_demo(name.partition(".")[0])}[name]

    def __iter__(self) -> Iterator[str]:
        demos = (demo for of_module in self._parts.values() for demo in of_module)
        return (claim.id for demo in demos for claim in self.of_demo(demo))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _load(module: str) -> tuple[Claim, ...]:
    claims: tuple[Claim, ...] = getattr(
        import_module(f"lazygui.claims.{module}"), f"CLAIMS_OF_{module.upper()}"
    )
    return claims


CLAIMS = Claims(_PARTS)


def claims_named(names: Iterable[str]) -> tuple[Claim, ...]:
    """The claims of these names; "D06" stands for "D06" and every "D06.…".

    Raises ScenarioError naming what is unknown, with a near miss.
    """
    found: list[Claim] = []
    for name in names:
        demo = name.partition(".")[0]
        matching = [c for c in CLAIMS.of_demo(demo) if name in (c.id, c.demo)]
        if not matching:
            hint = did_you_mean(name, {c.demo for c in CLAIMS.values()} | set(CLAIMS))
            raise ScenarioError([Fault("", f"there is no claim '{name}'{hint}")])
        found += [claim for claim in matching if claim not in found]
    return tuple(found)
