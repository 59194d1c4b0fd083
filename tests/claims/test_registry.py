"""The registry of claims."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import lazygui.claims
from lazygui.claims.registry import _PARTS, CLAIMS, claims_named
from lazygui.scenarios.catalogue import DEFAULT, entries, entry
from lazygui.scenarios.faults import ScenarioError


def claims_in(module: str):
    return getattr(import_module(f"lazygui.claims.{module}"), f"CLAIMS_OF_{module.upper()}")


def test_every_module_of_claims_is_listed():
    holding = {
        path.stem
        for path in Path(lazygui.claims.__file__).parent.glob("*.py")
        if "\nCLAIMS_OF_" in path.read_text(encoding="utf-8")
    }
    assert set(_PARTS) == holding


def test_no_claim_is_left_out_and_each_has_an_id_of_its_own():
    everything = {claim.id: claim for module in _PARTS for claim in claims_in(module)}
    assert dict(CLAIMS) == everything
    assert len(list(CLAIMS)) == len(everything) == len(set(map(id, everything.values())))


@pytest.mark.parametrize("demo", [item.id for item in entries()])
def test_the_claims_of_a_demo_are_those_of_all_modules(demo: str):
    names = entry(demo).claims
    wanted = [
        claim
        for name in names
        for module in _PARTS
        for claim in claims_in(module)
        if name in (claim.id, claim.demo)
    ]
    assert list(claims_named(names)) == list(dict.fromkeys(wanted))


def test_unknown_claims_are_refused_with_a_near_miss():
    assert "D06.nonsense" not in CLAIMS
    assert "X" not in CLAIMS
    with pytest.raises(ScenarioError, match=r"no claim 'D06.facto'.*D06.factor"):
        claims_named(["D06.facto"])


def test_the_first_demo_loads_no_claims_but_its_own():
    code = (
        "import sys; from lazygui.claims.registry import claims_named;"
        f"claims_named({entry(DEFAULT).claims!r});"
        "print([n for n in sys.modules if n.endswith(('networks', 'sweep', 'least_squares'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
