"""Online SGD on fresh batches against gradients computed another way."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.dataset_types import Teacher
from lazygui.numerics.networks import TwoLayer
from lazygui.numerics.population import PopulationTrainer, Stream

RNG = np.random.default_rng(5)
TEACHER = Teacher(np.eye(4)[:2], np.array([1.0, -1.0]))
STREAM = Stream(TEACHER, size=7, dim=4, seed=3)


def trainer(network, scale=2.0, stream=STREAM, window=200):
    w0 = network.initial(np.random.default_rng(1))
    return PopulationTrainer(network, w0, stream, scale, window=window)


def test_batches_are_on_the_sphere_and_the_teacher_answers():
    inputs, targets = STREAM.batch(0)
    assert inputs.shape == (7, 4)
    np.testing.assert_allclose(np.linalg.norm(inputs, axis=1), 1, rtol=1e-14)
    expected = np.maximum(inputs[:, 0], 0) - np.maximum(inputs[:, 1], 0)
    np.testing.assert_allclose(targets, expected, rtol=1e-14)


def test_a_batch_depends_on_its_step_alone():
    late = STREAM.batch(11)[0]
    np.testing.assert_array_equal(STREAM.batch(11)[0], late)
    assert not np.array_equal(STREAM.batch(12)[0], late)
    assert not np.array_equal(Stream(TEACHER, 7, 4, seed=4).batch(11)[0], late)


def test_the_inputs_are_uniform():
    inputs, _ = Stream(TEACHER, size=40_000, dim=4).batch(0)
    # Mean 0 and covariance I/d, to five standard errors.
    assert np.abs(inputs.mean(0)).max() < 5 * np.sqrt(0.25 / 40_000)
    assert np.abs(inputs.T @ inputs / 40_000 - np.eye(4) / 4).max() < 5 * 0.25 / 200


def test_noise_is_added_to_the_targets():
    noisy = Stream(TEACHER, size=20_000, dim=4, noise=0.3)
    inputs, targets = noisy.batch(0)
    assert np.std(targets - TEACHER.output(inputs)) == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("activation", ["relu", "tanh", "softplus", "erf"])
@pytest.mark.parametrize("bias", [False, True])
def test_a_step_is_one_of_gradient_descent(activation, bias):
    network = TwoLayer(activation, 4, 6, bias)
    made, scale, rate = trainer(network), 2.0, 0.3
    expected = made.weights.copy()
    for step in range(5):
        inputs, targets = STREAM.batch(step)
        residual = scale * network.output(expected, inputs) - targets
        gradient = network.vjp(expected, inputs, residual) / (scale * len(targets))
        expected = expected - rate * gradient
    made.advance(5, rate)
    np.testing.assert_allclose(made.weights, expected, rtol=1e-12, atol=1e-14)


def test_the_mean_loss_is_that_of_the_batches_before_their_steps():
    network = TwoLayer("relu", 4, 6)
    made = trainer(network)
    losses = []
    for step in range(9):
        inputs, targets = STREAM.batch(step)
        outputs = 2.0 * network.output(made.weights, inputs)
        losses.append(0.5 * np.mean((outputs - targets) ** 2))
        if step == 0:
            assert made.mean_loss == pytest.approx(losses[0], rel=1e-14)
        made.advance(1, 0.1)
    assert made.mean_loss == pytest.approx(np.mean(losses), rel=1e-12)


def test_the_mean_forgets():
    short = trainer(TwoLayer("relu", 4, 6), window=1)
    short.advance(6, 0.1)
    before = trainer(TwoLayer("relu", 4, 6))
    before.advance(5, 0.1)
    inputs, targets = STREAM.batch(5)
    outputs = 2.0 * before.network.output(before.weights, inputs)
    assert short.mean_loss == pytest.approx(0.5 * np.mean((outputs - targets) ** 2), rel=1e-12)


def test_steps_split_at_will():
    network = TwoLayer("relu", 4, 6)
    whole, parts = trainer(network), trainer(network)
    whole.advance(10, 0.2)
    for steps in (1, 4, 0, 5):
        parts.advance(steps, 0.2)
    np.testing.assert_array_equal(whole.weights, parts.weights)
    assert whole.mean_loss == parts.mean_loss


def test_it_goes_on_from_a_state():
    network = TwoLayer("relu", 4, 6)
    whole, again = trainer(network), trainer(network)
    whole.advance(4, 0.2)
    again.set_state(whole.weights, whole.step, whole.mean_loss)
    whole.advance(3, 0.2)
    again.advance(3, 0.2)
    np.testing.assert_array_equal(whole.weights, again.weights)
    assert whole.mean_loss == again.mean_loss


def test_a_window_of_nothing_is_refused():
    with pytest.raises(ValueError, match="window is 0"):
        trainer(TwoLayer("relu", 4, 6), window=0)


def test_weights_of_another_network_are_refused():
    with pytest.raises(ValueError, match="shape"):
        PopulationTrainer(TwoLayer("relu", 4, 6), np.zeros(3), STREAM)
