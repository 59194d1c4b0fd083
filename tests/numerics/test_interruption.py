"""A long computation ends at its next checkpoint, and only the one that was asked to."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from lazygui.numerics.differential_change import differential_change
from lazygui.numerics.interruption import Interrupted, checkpoint, interruptible
from lazygui.numerics.laziness import laziness
from lazygui.numerics.networks import Network, TwoLayer, build_network
from lazygui.numerics.tangent_kernel import leading_eigenvalues
from lazygui.numerics.taylor import first_steps, random_direction, second_along, taylor_errors

NETWORKS = {"two layers": TwoLayer("tanh", 3, 4000), "deep": build_network("mlp", 3, (20, 20))}
X = np.random.default_rng(1).standard_normal((50, 3))
Y = np.ones(50)


def test_a_checkpoint_does_nothing_by_itself() -> None:
    checkpoint()
    with interruptible(lambda: False):
        checkpoint()


def test_it_ends_what_is_over_inside_alone() -> None:
    with interruptible(lambda: True), pytest.raises(Interrupted):
        checkpoint()
    checkpoint()
    with interruptible(lambda: True):
        with interruptible(lambda: False):
            checkpoint()
        with pytest.raises(Interrupted):
            checkpoint()


def test_other_threads_go_on() -> None:
    reached = []
    with interruptible(lambda: True):
        thread = threading.Thread(target=lambda: reached.append(checkpoint()))
        thread.start()
        thread.join()
    assert reached == [None]


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_everything_known_at_the_start_has_checkpoints_on_the_way(network: Network) -> None:
    """Each is ended at its third checkpoint: it passes at least so many."""
    w0 = network.initial(np.random.default_rng(0))
    u = random_direction(network, 0)
    for compute in (
        lambda: laziness(network, w0, X, Y),
        lambda: taylor_errors(network, w0, X, u, np.geomspace(1e-3, 1.0, 5)),
        lambda: first_steps(network, w0, X, Y, [0.1, 0.2]),
        lambda: [second_along(network, w0, X, u) for _ in range(3)],
        lambda: [differential_change(network, w0 + u, w0, X) for _ in range(2)],
        lambda: [leading_eigenvalues(network, w0, X) for _ in range(3)],
    ):
        left = [False, False]
        with interruptible(lambda left=left: not left or left.pop()), pytest.raises(Interrupted):
            compute()
