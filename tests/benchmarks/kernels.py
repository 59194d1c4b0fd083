"""Tangent kernels and the norm of the second differential."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np

from lazygui.numerics.laziness import second_differential_norm
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import Network, TwoLayer
from tests.benchmarks.measure import Case, Contender
from tests.benchmarks.peers import has, jacrev_kernel, neural_tangents_kernel
from tests.benchmarks.steps import EXAMPLES, INPUTS, problem

EXTRA_MEMORY_MB = 50.0


def cases() -> Iterator[Case]:
    """Two layers, deep, then the second differential."""
    yield _against_jacrev(1000)
    yield _against_neural_tangents(100_000)
    yield _widest()
    yield _deep((100, 100))
    yield _curvature(1000)


def ours(network: Network, w: np.ndarray, X: np.ndarray, calls: int = 1) -> Contender:
    """The structured kernel, so many times that the clock can tell."""

    def run() -> None:
        for _ in range(calls):
            network.tangent_kernel(w, X)

    return Contender("structured", run, calls)


def _against_jacrev(width: int) -> Case:
    import torch

    network, w0, X, _ = problem(width)
    m, d = network.width, network.inputs

    def output(w: Any, x: Any) -> Any:
        a, b, c = w[: m * d].reshape(m, d), w[m * d : m * d + m], w[-m:]
        return torch.tanh(a @ x + b) @ c / m**0.5

    peer = Contender("vmap(jacrev)", jacrev_kernel(output, w0, X))
    return Case(f"tangent kernel, m={width}", ours(network, w0, X, 10), peer, 7.0)


def _against_neural_tangents(width: int) -> Case:
    network, w0, X, _ = problem(width)
    peer: Contender | str = "nt absent"
    if has("neural_tangents"):
        a, b, c = network.split(w0)
        assert b is not None
        peer = Contender("neural-tangents", neural_tangents_kernel(X, a, b, c))
    return Case(f"tangent kernel, m={width}", ours(network, w0, X), peer, 60.0)


def _widest() -> Case:
    network, w0, X, _ = problem(1_000_000)
    tracemalloc.start()
    network.tangent_kernel(w0, X)
    extra = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    assert extra <= EXTRA_MEMORY_MB, f"{extra:.0f} MB"
    return Case(f"tangent kernel, m=1e6: {extra:.0f} MB extra", ours(network, w0, X), "-")


def _deep(hidden: tuple[int, ...]) -> Case:
    import torch

    network = MLP(hidden, "tanh", INPUTS, bias=True)
    rng = np.random.default_rng(0)
    w0, X = network.initial(rng), rng.standard_normal((EXAMPLES, INPUTS)) / INPUTS**0.5

    def output(w: Any, x: Any) -> Any:
        *layers, last = network.layers(w)
        for layer in layers:
            x = torch.tanh(layer(x))
        return last(x)[0]

    peer = Contender("vmap(jacrev)", jacrev_kernel(output, w0, X))
    return Case(f"tangent kernel, MLP {hidden}", ours(network, w0, X, 20), peer, 30.0)


def _curvature(width: int) -> Case:
    network = TwoLayer("tanh", INPUTS, width)
    rng = np.random.default_rng(0)
    w0, X = network.initial(rng), rng.standard_normal((EXAMPLES, INPUTS)) / INPUTS**0.5
    deep = MLP((width,), "tanh", INPUTS)

    def exact() -> None:
        second_differential_norm(network, w0, X)

    peer = Contender("HVP power, 60", hvp_power_iteration(deep, w0, X))
    return Case(f"‖D²h‖, m={width}", Contender("per neuron", exact), peer, 6.0)


def hvp_power_iteration(network: MLP, w: np.ndarray, X: np.ndarray, seed: int = 0) -> Any:
    """One power iteration of 60 steps on g-weighted Hessian products by torch.func."""
    import torch

    torch.set_num_threads(1)
    weights, inputs = torch.tensor(w), torch.tensor(X)
    start = torch.tensor(np.random.default_rng(seed).standard_normal(len(w)))

    def outputs(v: Any) -> Any:
        a = inputs
        *layers, last = network.layers(v)
        for layer in layers:
            a = torch.tanh(layer(a))
        return last(a)[:, 0]

    def along(u: Any) -> Any:
        def slope(v: Any) -> Any:
            return torch.func.jvp(outputs, (v,), (u,))[1]

        return torch.func.jvp(slope, (weights,), (u,))[1]

    def product(g: Any, u: Any) -> Any:
        def gradient(v: Any) -> Any:
            return torch.func.vjp(outputs, v)[1](g)[0]

        return torch.func.jvp(gradient, (weights,), (u,))[1]

    def run() -> float:
        u, best = start, 0.0
        for _ in range(60):
            u = u / u.norm()
            g = along(u)
            norm = float((g * g).mean().sqrt())
            best = max(best, norm)
            u = product(g / (norm * len(inputs)), u) + 0.25 * norm * u
        return best

    return run
