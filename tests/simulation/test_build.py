"""Runs that don't fit are refused before anything is allocated; devices and precision."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.kinds import build_scenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.build import GIB, build_simulation, check_memory, memory_limit
from lazygui.simulation.threads import NO_CUDA


@pytest.mark.parametrize(
    ("scenario", "field"),
    [
        (LazyScenario(width=10**9), "width"),
        (LazyScenario(width=10**9, network="mlp"), "width"),
        (LazyScenario(width=10**9, dtype="float32"), "width"),
        (LeastSquaresScenario(samples=100_000, features=90_000), "samples"),
        (LeastSquaresScenario(samples=90_000, features=100_000), "features"),
    ],
)
def test_a_run_too_large_is_refused_before_it_allocates(scenario: Scenario, field: str):
    build_simulation(scenario.replace(**{field: 4}) if field == "width" else LazyScenario())
    memory_limit()  # loads what it needs
    tracemalloc.start()
    try:
        with pytest.raises(ScenarioError) as caught:
            build_simulation(scenario)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    value = getattr(scenario, field)
    title = scenario.parameter(field).title
    assert re.fullmatch(
        rf"{field}: {value:,} needs [\d,.]+ GiB of memory; the limit here is [\d,.]+ GiB\. "
        rf"Choose a smaller {title}\.",
        str(caught.value),
    )


def test_the_limit_is_half_of_the_memory_of_the_machine():
    lines = Path("/proc/meminfo")
    if not lines.exists():
        pytest.skip("no /proc/meminfo on this system")
    total = int(lines.read_text().split()[1]) * 1024
    assert memory_limit() == total // 2


def test_the_limit_is_sharp():
    scenario = LazyScenario(width=1000)
    needed = scenario.memory_bytes()
    check_memory(scenario, needed)
    with pytest.raises(ScenarioError, match=f"{needed / GIB:,.1f} GiB"):
        check_memory(scenario, needed - 1)


SIZES: dict[str, dict[str, Any]] = {
    "wide": {"kind": "lazy", "width": 60_000, "samples": 40, "activation": "softplus"},
    "many samples": {"kind": "lazy", "width": 400, "samples": 600, "test_samples": 100},
    "very many samples": {"kind": "lazy", "width": 1000, "samples": 4000, "test_samples": 100},
    "many inputs": {"kind": "lazy", "data": "teacher", "dimension": 2000, "width": 300},
    "deep": {"kind": "lazy", "network": "mlp", "width": 400, "hidden_layers": 3, "samples": 50},
    "least squares": {"kind": "least-squares", "samples": 900, "features": 700},
    "wide least squares": {"kind": "least-squares", "samples": 5, "features": 60_000},
}


def peak_memory(scenario: Scenario) -> int:
    """The most bytes held while the run is built and makes its first steps."""
    tracemalloc.start()
    try:
        build_simulation(scenario).advance(12)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", SIZES)
def test_the_estimate_is_an_upper_bound_of_the_right_size(name: str):
    scenario = build_scenario({**SIZES[name], "steps": 12})
    first = scenario.replace(width=200) if name == "wide" else scenario
    build_simulation(first).advance(12)  # loads every module that the run needs
    peak, estimate = peak_memory(scenario), scenario.memory_bytes()
    assert peak <= estimate, f"{peak / estimate:.2f} times the estimate of {estimate:,} bytes"
    assert estimate <= 5 * peak, f"{estimate / peak:.2f} times the peak of {peak:,} bytes"


def test_a_missing_cuda_device_is_said_once_and_the_run_uses_the_processor():
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    simulation = build_simulation(LazyScenario(width=4, steps=3, device="cuda"))
    assert simulation.notices == (NO_CUDA,)
    assert "CUDA" not in simulation.facts["backend"]
    simulation.advance(3)
    assert simulation.step == 3


@pytest.mark.parametrize(("scale", "dtype", "warned"), [
    (100.0, "float32", False),
    (101.0, "float32", True),
    (1e6, "float64", False),
])  # fmt: skip
def test_float32_is_distrusted_beyond_a_scale_of_100(scale: float, dtype: str, warned: bool):
    scenario = LazyScenario.model_validate({"width": 4, "scale": scale, "dtype": dtype})
    notices = build_simulation(scenario).notices
    assert bool(notices) == warned
    if warned:
        assert "α = 101 > 100" in notices[0]
        assert notices[0].endswith("Trust float64.")


def test_data_that_cannot_be_used_are_refused(tmp_path: Path):
    for text, sentence in (
        ("a,y\n1,2\n3,x\n", "column 'y', row 3: 'x' is not a number"),
        ("a,y\n1,2\n3,nan\n", "column 'y', row 3: 'nan' is not a finite number"),
        ("a,y\n1,2\n3,4\n", "n is 12, but the file has 2 rows"),
    ):
        file = tmp_path / "data.csv"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=re.escape(sentence)):
            build_simulation(LazyScenario(data="csv", data_file=str(file)))
    with pytest.raises(ValueError, match="There is no file"):
        build_simulation(LazyScenario(data="csv", data_file=str(tmp_path / "none.csv")))
