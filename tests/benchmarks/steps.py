"""Steps of gradient descent: alone, beside the linearization, and with all traces recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lazygui.numerics.linearization import linearize
from lazygui.numerics.networks import TwoLayer
from lazygui.numerics.training import make_trainer
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.build import build_simulation
from tests.benchmarks.measure import Case, Contender
from tests.benchmarks.peers import has, jax_steps, naive_steps

EXAMPLES, INPUTS, RATE = 100, 10, 0.1
GOALS = {10: (30.0, None), 100: (6.5, 0.60), 1000: (2.5, 0.70), 100_000: (4.2, None)}


def problem(
    width: int, n: int = EXAMPLES, d: int = INPUTS, seed: int = 0
) -> tuple[TwoLayer, np.ndarray, np.ndarray, np.ndarray]:
    """A two-layer tanh network with biases, its w0, inputs of norm about 1, and targets."""
    rng = np.random.default_rng(seed)
    network = TwoLayer("tanh", d, width, bias=True)
    X = rng.standard_normal((n, d)) / d**0.5
    return network, network.initial(rng), X, np.sin(3 * X[:, 0])


def cases() -> Iterator[Case]:
    """Steps of every width, then what else a run does."""
    for width in GOALS:
        yield from _step_cases(width)
    yield _with_linearization()
    yield _simulated(EXAMPLES)


def steps_for(width: int, n: int = EXAMPLES) -> int:
    """So many steps that a measurement takes some tens of milliseconds."""
    return max(2, min(2000, 10_000_000 // (width * n * 10)))


def trainer_steps(width: int, n: int = EXAMPLES, d: int = INPUTS, steps: int = 0) -> Contender:
    """Ours: the trainer that the program would choose."""
    trainer = make_trainer(*problem(width, n, d))
    count = steps or steps_for(width, n)

    def run() -> None:
        trainer.advance(count, RATE)

    return Contender("step", run, count)


def _step_cases(width: int) -> Iterator[Case]:
    network, w0, X, y = problem(width)
    count, (goal, share) = steps_for(width), GOALS[width]
    naive = Contender("naive torch", naive_steps(X, y, width, count), count)
    title = f"step, m={width}, n={EXAMPLES}, d={INPUTS}"
    yield Case(title, trainer_steps(width), naive, goal, _floor(width, count), share)
    jitted: Contender | str = "jax absent"
    if has("jax"):
        a, b, c = network.split(w0)
        jitted = Contender("jax jit+scan", jax_steps(X, y, {"a": a, "b": b, "c": c}, count), count)
    yield Case(f"  the same, m={width}", trainer_steps(width), jitted)


def _floor(width: int, count: int) -> Contender:
    """The two matrix products and the activation alone, in numpy, into buffers."""
    network, w0, X, _ = problem(width)
    a, _, _ = network.split(w0)
    z, g = np.empty((width, EXAMPLES)), np.empty_like(a)
    transposed = X.T

    def run() -> None:
        for _ in range(count):
            np.matmul(a, transposed, out=z)
            np.tanh(z, out=z)
            np.matmul(z, X, out=g)

    return Contender("floor", run, count)


def _with_linearization() -> Case:
    width, slices = 100, 40
    network, w0, X, y = problem(width)
    alone, beside = make_trainer(network, w0, X, y), make_trainer(network, w0, X, y)
    linear = linearize(network.tangent_kernel(w0, X), network.output(w0, X), y)
    each = 16  # steps between two drawn rows of a run in its first seconds

    def both() -> None:
        for _ in range(slices):
            beside.advance(each, RATE)
            linear.advance(each, RATE)
            linear.outputs()

    def one() -> None:
        for _ in range(slices):
            alone.advance(each, RATE)

    ours = Contender("both", both, slices * each)
    return Case(
        "network and linearization, m=100", ours, Contender("network alone", one, slices * each),
        1 / 1.15,
    )  # fmt: skip


def _simulated(n: int, steps: int = 100_000) -> Case:
    scenario = LazyScenario(
        data="teacher", dimension=INPUTS, samples=n, width=100, bias=True, steps=steps
    )

    def whole() -> None:
        simulation = build_simulation(scenario)
        simulation.advance(steps)
        simulation.close()

    trainer = bare_trainer(build_simulation(scenario))

    def bare() -> None:
        trainer.advance(steps, RATE)

    ours, peer = Contender("simulate", whole, steps), Contender("bare step loop", bare, steps)
    return Case(f"simulation of {steps:g} steps, n={n}, all traces", ours, peer, 1 / 1.25)


def bare_trainer(simulation: Any) -> Any:
    """A trainer like that of a simulation, at the start of its run."""
    return make_trainer(
        simulation.network, simulation._w0, simulation.data.inputs, simulation.data.targets,
        simulation._scale, simulation._offset, simulation.loss,
    )  # fmt: skip
