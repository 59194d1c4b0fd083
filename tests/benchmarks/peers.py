"""What others would run: the naive torch loop, torch.func, jax, neural-tangents.

Those of jax are skipped where it is absent; it is no dependency of the program:

    pip install jax==0.4.30 jaxlib==0.4.30 neural-tangents==0.6.5

The versions matter: later ones of jax no longer have what neural-tangents imports. It also leaves a
package named `tests` in site-packages, which hides this one: remove that folder.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["INSTALL", "has", "jacrev_kernel", "jax_steps", "naive_steps", "neural_tangents_kernel"]

INSTALL = "pip install jax==0.4.30 jaxlib==0.4.30 neural-tangents==0.6.5"


def has(package: str) -> bool:
    """Whether a package is installed."""
    return importlib.util.find_spec(package) is not None


def naive_steps(
    X: np.ndarray, y: np.ndarray, width: int, steps: int, rate: float = 0.1, depth: int = 1
) -> Callable[[], None]:
    """nn.Module, autograd, torch.optim.SGD: full batch, float64, one thread."""
    import torch

    torch.set_num_threads(1)
    sizes = [X.shape[1]] + [width] * depth
    layers: list[torch.nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(width, 1, bias=False)).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    inputs, targets = torch.tensor(X), torch.tensor(y)[:, None]

    def run() -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            loss = 0.5 * ((model(inputs) - targets) ** 2).mean()
            loss.backward()
            optimizer.step()

    return run


def jax_steps(
    X: np.ndarray, y: np.ndarray, w: dict[str, np.ndarray], steps: int, rate: float = 0.1
) -> Callable[[], None]:
    """The same descent by jax: gradient, scanned over the steps, compiled, float64."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    inputs, targets = jnp.asarray(X), jnp.asarray(y)

    def loss(p: Any) -> Any:
        h = jnp.tanh(inputs @ p["a"].T + p["b"]) @ p["c"] / len(p["c"]) ** 0.5
        return 0.5 * jnp.mean((h - targets) ** 2)

    def step(p: Any, _: Any) -> Any:
        gradient = jax.grad(loss)(p)
        return {name: p[name] - rate * gradient[name] for name in p}, None

    scan = jax.jit(jax.tree_util.Partial(jax.lax.scan, step, length=steps))
    start = {name: jnp.asarray(values) for name, values in w.items()}

    def run() -> None:
        jax.block_until_ready(scan(start, None))

    return run


def jacrev_kernel(output: Callable[[Any, Any], Any], w: np.ndarray, X: np.ndarray) -> Any:
    """J J^T by torch.func: vmap(jacrev) of `output(w, x)`, then one product."""
    import torch

    torch.set_num_threads(1)
    weights, inputs = torch.tensor(w), torch.tensor(X)
    jacobian = torch.func.vmap(torch.func.jacrev(output), in_dims=(None, 0))

    def run() -> Any:
        J = jacobian(weights, inputs)
        return J @ J.T

    return run


def neural_tangents_kernel(
    X: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray
) -> Callable[[], Any]:
    """The empirical kernel of the same network by neural-tangents.

    By contraction of Jacobians, the fastest of its three ways here: at m=1e5, n=100 it took 6.5 to
    12 s, structured derivatives 8.6 s, products of Jacobian and vector 12 to 13 s.
    """
    import jax
    import neural_tangents as nt

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def apply(p: Any, x: Any) -> Any:
        return (jnp.tanh(x @ p[0].T + p[1]) @ p[2] / len(p[2]) ** 0.5)[:, None]

    inputs, weights = jnp.asarray(X), tuple(jnp.asarray(array) for array in (a, b, c))
    implementation = nt.NtkImplementation.JACOBIAN_CONTRACTION
    kernel = jax.jit(nt.empirical_ntk_fn(apply, implementation=implementation))

    def run() -> Any:
        return jax.block_until_ready(kernel(inputs, None, weights))

    return run
