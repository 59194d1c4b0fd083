"""Slices of the loss against the loss evaluated point by point, and planes against geometry."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lazygui.numerics.doubled import Doubled
from lazygui.numerics.losses import LOSSES
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import TwoLayer
from lazygui.numerics.slices import (
    Landscape,
    Plane,
    barrier,
    path_plane,
    plane_through,
    random_plane,
)
from lazygui.numerics.weight_batches import neuron_rows, outputs_at, permutation

NETWORKS = {
    "two layers": TwoLayer("tanh", 3, 6),
    "two layers, biases": TwoLayer("softplus", 3, 5, bias=True, parameterization="standard"),
    "deep": MLP((4, 5, 3), "tanh", 3, bias=True),
    "deep, no biases": MLP((4, 4), "erf", 3),
    "doubled": Doubled(MLP((4, 3), "relu", 3, bias=True)),
}
ALL = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
X = np.random.default_rng(5).standard_normal((7, 3))
Y = np.sin(X[:, 0])


def weights(network, count: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, network.n_parameters))


class TestBatches:
    @ALL
    def test_outputs_are_those_of_the_network_for_each_vector(self, network):
        batch = weights(network, 9)
        expected = [network.output(w, X) for w in batch]
        np.testing.assert_allclose(outputs_at(network, batch, X), expected, rtol=1e-12, atol=1e-13)

    def test_many_blocks_are_put_together_in_order(self):
        network = TwoLayer("tanh", 3, 400)
        batch = weights(network, 230)
        found = outputs_at(network, batch, X)
        for k in (0, 93, 94, 229):
            np.testing.assert_allclose(found[k], network.output(batch[k], X), rtol=1e-11)

    @ALL
    def test_a_permutation_moves_every_neuron_and_keeps_the_function(self, network):
        places = permutation(network, np.random.default_rng(1))
        assert sorted(places) == list(range(network.n_parameters))
        w = weights(network)[0]
        np.testing.assert_allclose(network.output(w[places], X), network.output(w, X), rtol=1e-12)
        hidden = network.network.hidden if isinstance(network, Doubled) else None
        first = network.width if isinstance(network, TwoLayer) else (hidden or network.hidden)[0]
        moved = places[: first * 3].reshape(first, 3)[:, 0] != np.arange(first) * 3
        assert moved.all()

    @ALL
    def test_the_neurons_rows_are_a_partition_of_the_weights(self, network):
        rows = neuron_rows(network)
        assert sorted(np.concatenate(rows)) == list(range(network.n_parameters))

    def test_a_row_is_what_one_neuron_receives(self):
        """Only the neuron's pre-activation depends on its row."""
        rows = neuron_rows(NETWORKS["two layers, biases"])
        assert rows[1].tolist() == [3, 4, 5, 16]  # a (5, 3) row-major, b (5,), c (5,)
        assert rows[-1].tolist() == [20, 21, 22, 23, 24]


class TestLandscape:
    @ALL
    @pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
    def test_losses_are_those_of_each_vector(self, network, loss):
        targets = np.sign(Y)
        offset = np.full(7, 0.3)
        batch = weights(network, 4)
        found = Landscape(network, X, targets, 2.5, offset, loss).losses(batch)
        by_hand = [loss.value(2.5 * (network.output(w, X) - offset), targets, np) for w in batch]
        np.testing.assert_allclose(found, by_hand, rtol=1e-12)

    def test_the_grid_has_a_row_per_y(self):
        network = NETWORKS["two layers"]
        w, u, v = weights(network, 3)
        landscape = Landscape(network, X, Y, 1.0, np.zeros(7), LOSSES["square"])
        x, y = np.array([-1.0, 0.0, 2.0]), np.array([0.5, 3.0])
        grid = landscape.on_plane(Plane(w, np.stack((u, v))), x, y)
        assert grid.shape == (2, 3)
        point = w + 2.0 * u + 0.5 * v
        assert grid[0, 2] == pytest.approx(np.mean((network.output(point, X) - Y) ** 2) / 2)

    def test_overflow_is_content(self):
        network = NETWORKS["two layers"]
        landscape = Landscape(network, X, Y, 1.0, np.zeros(7), LOSSES["square"])
        assert not np.isfinite(landscape.losses(np.full((1, 24), 1e300))).any()

    def test_between_permuted_copies_the_loss_of_a_solution_is_higher(self):
        """h = c₁tanh(a₁x) + c₂tanh(a₂x) fits its own outputs; half-way both neurons are equal."""
        network = TwoLayer("tanh", 1, 2, parameterization="standard")
        w = np.array([1.0, -2.0, 0.7, 0.4])
        x = np.linspace(-2, 2, 9)[:, None]
        target = 0.7 * np.tanh(x[:, 0]) + 0.4 * np.tanh(-2 * x[:, 0])
        landscape = Landscape(network, x, target, 1.0, np.zeros(9), LOSSES["square"])
        t = np.linspace(0.0, 1.0, 11)
        losses = landscape.along(w, w[[1, 0, 3, 2]], t)
        half_way = 1.1 * np.tanh(-0.5 * x[:, 0])
        assert losses[0] == pytest.approx(0.0, abs=1e-30)
        assert losses[10] == pytest.approx(0.0, abs=1e-30)
        assert losses[5] == pytest.approx(np.mean((half_way - target) ** 2) / 2)
        assert barrier(losses, t) == pytest.approx(losses.max())


class TestBarrier:
    def test_only_what_lies_between_the_ends_counts(self):
        t = np.array([-0.5, 0.0, 0.5, 1.0, 1.5])
        assert barrier(np.array([9.0, 1.0, 4.0, 2.0, 9.0]), t) == 2.0
        assert barrier(np.array([9.0, 1.0, 1.2, 2.0, 9.0]), t) == 0.0


class TestPlanes:
    def test_three_points_lie_in_the_plane_through_them(self):
        first, second, third = np.random.default_rng(2).standard_normal((3, 8))
        plane = plane_through(first, second, third, np.ones(8))
        places = plane.coordinates(np.stack((first, second, third)))
        np.testing.assert_allclose(places[:2], [[0, 0], [1, 0]], atol=1e-14)
        points = plane.points(places[:, 0], places[:, 1])
        np.testing.assert_allclose(points, [first, second, third], atol=1e-13)
        u, v = plane.directions
        assert u @ v == pytest.approx(0.0, abs=1e-12)
        assert np.linalg.norm(u) == pytest.approx(np.linalg.norm(v))

    @pytest.mark.parametrize("case", ["third is first", "all equal", "spare along the line"])
    def test_points_on_a_line_still_span_a_plane(self, case):
        first = np.arange(4.0)
        second = first if case == "all equal" else first + np.eye(4)[0]
        spare = np.eye(4)[0] if case == "spare along the line" else np.arange(4.0, 0.0, -1.0)
        plane = plane_through(first, second, first, spare)
        assert np.linalg.matrix_rank(plane.directions) == 2

    def test_random_directions_have_the_size_of_each_neuron(self):
        network = NETWORKS["deep"]
        w, rows = weights(network)[0], neuron_rows(network)
        plane = random_plane(w, rows, np.random.default_rng(3))
        for direction in plane.directions:
            for places in rows:
                size = np.linalg.norm(w[places])
                assert np.linalg.norm(direction[places]) == pytest.approx(size)
        assert not np.allclose(*plane.directions)

    def test_the_path_s_components_are_those_of_the_singular_value_decomposition(self):
        path = np.cumsum(np.random.default_rng(4).standard_normal((12, 30)), axis=0)
        plane, shares = path_plane(path, np.ones(30))
        _, sizes, vectors = np.linalg.svd(path - path.mean(axis=0), full_matrices=False)
        np.testing.assert_allclose(shares, sizes[:2] ** 2 / np.sum(sizes**2))
        assert abs(plane.directions[0] @ vectors[0]) == pytest.approx(1.0)
        assert abs(plane.directions[1] @ vectors[1]) == pytest.approx(1.0)
        assert plane.origin is not path
        np.testing.assert_allclose(plane.coordinates(path)[-1], [0.0, 0.0], atol=1e-12)

    def test_a_plane_curve_is_explained_wholly(self):
        t = np.linspace(0.0, 1.0, 9)
        u, v = np.random.default_rng(5).standard_normal((2, 20))
        _, shares = path_plane(t[:, None] * u + t[:, None] ** 2 * v, np.ones(20))
        assert sum(shares) == pytest.approx(1.0)

    def test_the_components_do_not_turn_round_as_the_path_grows(self):
        u, v = np.eye(5)[:2]
        angles = np.linspace(0.0, 2.5, 60)
        tilted = 0.3  # of the arc: its end passes the level of its start on the way
        x, y = np.cos(angles - tilted), np.sin(angles - tilted)
        path = -x[:, None] * u + y[:, None] * v
        planes = [path_plane(path[:count], np.ones(5))[0] for count in range(5, 61)]
        for before, after in itertools.pairwise(planes):
            assert np.all(np.sum(before.directions * after.directions, axis=1) > 0.9)

    @pytest.mark.parametrize("count", [1, 2])
    def test_a_short_path_is_completed(self, count):
        path = np.arange(count)[:, None] * np.ones(6)
        plane, shares = path_plane(path, np.arange(6.0))
        assert np.linalg.matrix_rank(plane.directions) == 2
        assert shares.tolist() == [float(count > 1), 0.0]
