"""||Dh(w) - Dh(w0)|| against the singular values of the Jacobians themselves."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.differential_change import differential_change
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import Initialization, Network, TwoLayer, build_network

MODULE = "lazygui.numerics.differential_change"
NETWORKS = {
    "two layers": TwoLayer("tanh", 3, 50),
    "biases": TwoLayer("softplus", 3, 50, bias=True),
    "rectified": TwoLayer("relu", 3, 50),
    "deep": build_network("mlp", 3, (9, 7), "tanh"),
    "deep, biases": MLP((9, 7), "tanh", 3, bias=True),
    "doubled": build_network("mlp", 3, (5,), "tanh", initialization=Initialization.DOUBLED),
}


def pair(network: Network, distance: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    plain = isinstance(network, TwoLayer | MLP)
    w0 = network.initial(rng, Initialization.PLAIN if plain else Initialization.DOUBLED)
    return w0 + distance * rng.standard_normal(len(w0)), w0


def expected(network: Network, w: np.ndarray, w0: np.ndarray, X: np.ndarray) -> float:
    change = network.jacobian(w, X) - network.jacobian(w0, X)
    return float(np.linalg.norm(change, 2) / np.sqrt(len(X)))


@pytest.mark.parametrize("n", [1, 20, 200])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_it_is_the_norm_of_the_difference_of_the_jacobians(network: Network, n: int) -> None:
    X = np.random.default_rng(1).standard_normal((n, 3))
    w, w0 = pair(network, 0.1)
    measured = differential_change(network, w, w0, X)
    assert measured == pytest.approx(expected(network, w, w0, X), rel=1e-10)


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_many_samples_take_products_alone(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{MODULE}.LARGEST_KERNEL", 100)
    X = np.random.default_rng(1).standard_normal((200, 3))
    w, w0 = pair(network, 0.1)
    measured = differential_change(network, w, w0, X)
    assert measured == pytest.approx(expected(network, w, w0, X), rel=2e-6)


@pytest.mark.parametrize("limit", [100, 2048])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_a_small_change_keeps_its_digits(
    network: Network, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The difference of the Jacobians has nine digits here; that of the kernels would have two."""
    monkeypatch.setattr(f"{MODULE}.LARGEST_KERNEL", limit)
    X = np.random.default_rng(1).standard_normal((200, 3))
    w, w0 = pair(network, 1e-7)
    measured = differential_change(network, w, w0, X)
    assert measured == pytest.approx(expected(network, w, w0, X), rel=2e-6)


@pytest.mark.parametrize("limit", [1, 2048])
@pytest.mark.parametrize("n", [5, 200])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_none_is_zero_and_one_beyond_all_numbers_infinite(
    network: Network, n: int, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{MODULE}.LARGEST_KERNEL", limit)
    X = np.random.default_rng(1).standard_normal((n, 3))
    w, w0 = pair(network, 0.1)
    assert differential_change(network, w0, w0, X) == 0.0
    assert differential_change(network, w * np.inf, w0, X) == np.inf
    if network.activation != "tanh":  # which is bounded, and flat there
        assert differential_change(network, w * 1e200, w0, X) == np.inf
