from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.laziness import laziness
from lazygui.numerics.networks import (
    Initialization,
    Network,
    Parameterization,
    TwoLayer,
    build_network,
)
from lazygui.numerics.taylor import (
    first_kink,
    first_steps,
    random_direction,
    second_along,
    taylor_errors,
)
from tests.numerics.reference import arrays, values

REFERENCE = arrays("kappa_ref")
X, Y = REFERENCE["X"], REFERENCE["y"]
DISTANCES = np.geomspace(1e-4, 1e-2, 9)


def networks() -> list[tuple[str, Network]]:
    return [
        ("two layers", TwoLayer("tanh", 2, 7)),
        ("biases", TwoLayer("softplus", 2, 7, bias=True)),
        ("deep", build_network("mlp", 2, (5, 4), "tanh")),
        ("doubled", build_network("mlp", 2, (5,), "tanh", initialization=Initialization.DOUBLED)),
    ]


@pytest.mark.parametrize(("name", "network"), networks())
def test_the_error_has_slope_two_and_the_constant_of_the_second_differential(
    name: str, network: Network
) -> None:
    w0 = network.initial(np.random.default_rng(0), Initialization.DOUBLED
                         if name == "doubled" else Initialization.PLAIN)  # fmt: skip
    u = random_direction(network, 3)
    errors = taylor_errors(network, w0, X, u, DISTANCES)
    assert np.polyfit(np.log(DISTANCES), np.log(errors), 1)[0] == pytest.approx(2.0, abs=0.02)
    # Central differences of the outputs, independent of the formulas for D2h.
    s = 1e-4
    bend = (network.output(w0 + s * u, X) - 2 * network.output(w0, X)
            + network.output(w0 - s * u, X)) / s**2  # fmt: skip
    np.testing.assert_allclose(second_along(network, w0, X, u), bend, atol=2e-6)
    assert errors[0] == pytest.approx(0.5 * DISTANCES[0] ** 2 * np.sqrt(np.mean(bend**2)), rel=0.01)


def test_relu_is_quadratic_exactly_up_to_its_first_kink() -> None:
    network = TwoLayer("relu", 2, 5)
    w0, u = network.initial(np.random.default_rng(1)), random_direction(network, 0)
    kink = first_kink(network, w0, X, u)
    gates = [(w0 + s * u)[:10].reshape(5, 2) @ X.T > 0 for s in (0, 0.999 * kink, 1.001 * kink)]
    assert np.array_equal(gates[0], gates[1])
    assert (gates[1] != gates[2]).any()
    inside, beyond = kink * np.array([0.3, 0.9]), kink * np.array([1.0, 2.0, 4.0])
    near = taylor_errors(network, w0, X, u, inside) / inside**2
    far = taylor_errors(network, w0, X, u, beyond) / beyond**2
    assert near[0] == pytest.approx(near[1], rel=1e-9)
    assert np.ptp(far) > 1e-3 * far[0]
    assert first_kink(TwoLayer("tanh", 2, 5), w0, X, u) == np.inf
    assert np.isnan(first_kink(build_network("mlp", 2, (5,), "relu"), w0, X, u))


@pytest.mark.parametrize("scale", [1.0, 100.0, 1e6])
def test_the_first_step_is_the_heuristic(scale: float) -> None:
    """Against the step made by hand from the Jacobian; and the bound κ/(2A) of the ratio."""
    network = TwoLayer("tanh", 2, 8)
    w0, rate = REFERENCE["w_sym"], 0.01
    (measured,) = first_steps(network, w0, X, Y, [rate], scale)
    J, h = network.jacobian(w0, X), network.output(w0, X)
    step = -rate * J.T @ (scale * h - Y) / (scale * len(X))
    F = [0.5 * np.mean((scale * network.output(w, X) - Y) ** 2) for w in (w0, w0 + step)]
    assert measured.loss_change == pytest.approx((F[0] - F[1]) / F[0], rel=1e-8)
    change = np.linalg.norm(network.jacobian(w0 + step, X) - J, 2) / np.linalg.norm(J, 2)
    assert measured.differential_change == pytest.approx(change, rel=1e-6 if scale < 1e6 else 1e-3)
    found = laziness(network, w0, X, Y, scale)
    alignment = np.linalg.norm(J.T @ (scale * h - Y)) / len(X)
    alignment /= found.differential_norm * found.residual_norm
    bound = found.kappa / (2 * alignment)
    assert 0 < measured.differential_change / measured.loss_change < 1.05 * bound
    # Mirrored neurons move oppositely: the slide's ratio says nothing about them.
    assert measured.taylor_ratio < 1e-12


@pytest.mark.parametrize(("weights", "ratio"), [("w_sym", 0.564), ("w_nonsym", 0.587)])
def test_the_gradient_bound_has_the_reference_ratio(weights: str, ratio: float) -> None:
    """On the nets of the reference, doubled or centred: the residual at w0 is -y."""
    inputs = arrays("alpha_inputs")
    network, w, y = TwoLayer("tanh", 3, 20), inputs[weights], inputs["y"]
    offset = network.output(w, inputs["X"])
    found = laziness(network, w, inputs["X"], y, offset=offset)
    gradient = np.linalg.norm(network.vjp(w, inputs["X"], y)) / len(y)
    alignment = gradient / (found.differential_norm * found.residual_norm)
    assert alignment == pytest.approx(ratio, abs=6e-4)


def test_the_differential_norm_may_be_handed_over() -> None:
    network, w0 = TwoLayer("tanh", 2, 8, parameterization=Parameterization.STANDARD), REFERENCE["w"]
    norm = values()["kappa_ref"]["tanh"]["normD"]
    (given,) = first_steps(network, w0, X, Y, [0.1], norm=norm)
    (own,) = first_steps(network, w0, X, Y, [0.1])
    assert given.differential_change == pytest.approx(own.differential_change, rel=1e-9)
