from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.activations import ACTIVATIONS, activation_named

Z = np.linspace(-6.0, 6.0, 401)[None, :] + 0.013

VALUES = {
    "tanh": [(0.5, 0.46211715726000976), (-2.0, -0.9640275800758169)],
    "relu": [(0.5, 0.5), (-2.0, 0.0)],
    "softplus": [(0.5, 0.9740769841801067), (-2.0, 0.1269280110429725)],
    "erf": [(0.5, 0.5204998778130465), (-2.0, -0.9953222650189527)],
}


@pytest.mark.parametrize(
    ("name", "z", "expected"), [(name, z, s) for name in VALUES for z, s in VALUES[name]]
)
def test_tabulated_values(name: str, z: float, expected: float) -> None:
    value = ACTIVATIONS[name].value(np, np.array([[z]]))
    assert value[0, 0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_against_finite_differences(name: str) -> None:
    sigma, step = ACTIVATIONS[name], 1e-5
    derivative = sigma.derivative(np, Z, sigma.value(np, Z))
    difference = (sigma.value(np, Z + step) - sigma.value(np, Z - step)) / (2 * step)
    np.testing.assert_allclose(derivative, difference, atol=1e-9)

    def slope(z: np.ndarray) -> np.ndarray:
        return sigma.derivative(np, z, sigma.value(np, z))

    change = (slope(Z + step) - slope(Z - step)) / (2 * step)
    np.testing.assert_allclose(sigma.second(np, Z, sigma.value(np, Z)), change, atol=1e-9)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_torch_and_numpy_agree_and_autograd_confirms(name: str) -> None:
    import torch

    oracles = {"softplus": torch.nn.functional.softplus}
    sigma = ACTIVATIONS[name]
    z = torch.tensor(Z, requires_grad=True)
    oracle = oracles.get(name) or getattr(torch, name)
    (gradient,) = torch.autograd.grad(oracle(z).sum(), z)
    value = sigma.value(torch, z.detach())
    np.testing.assert_allclose(value.numpy(), sigma.value(np, Z), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(value.numpy(), oracle(z.detach()).numpy(), rtol=1e-13, atol=1e-15)
    ours = sigma.derivative(torch, z.detach(), value)
    np.testing.assert_allclose(ours.numpy(), gradient.numpy(), rtol=1e-12, atol=1e-15)
    second = sigma.second(torch, z.detach(), value)
    expected = sigma.second(np, Z, sigma.value(np, Z))
    np.testing.assert_allclose(second.numpy(), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_out_arrays_are_filled_and_the_derivative_may_overwrite_its_input(name: str) -> None:
    sigma = ACTIVATIONS[name]
    z, value = Z.copy(), np.empty_like(Z)
    expected = sigma.derivative(np, Z, sigma.value(np, Z))
    assert sigma.value(np, z, out=value) is value
    assert sigma.derivative(np, z, value, out=z) is z
    np.testing.assert_array_equal(z, expected)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_large_arrays_have_the_values_of_small_ones(name: str) -> None:
    sigma = ACTIVATIONS[name]
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e300, -1e300, 5e-324, 40.0, -40.0, -600.0]
    z = np.concatenate((np.linspace(-30.0, 30.0, 8181), special)).reshape(16, -1)
    with np.errstate(all="ignore"):
        large = sigma.value(np, z)
        gate, bend = sigma.derivative(np, z, large), sigma.second(np, z, large)
        pieces = z.reshape(-1, 64)
        small = np.array([sigma.value(np, piece) for piece in pieces])
        gates = [sigma.derivative(np, *pair) for pair in zip(pieces, small, strict=True)]
        bends = [sigma.second(np, *pair) for pair in zip(pieces, small, strict=True)]
    np.testing.assert_allclose(large.ravel(), small.ravel(), rtol=1e-15, atol=1e-300)
    np.testing.assert_allclose(gate.ravel(), np.ravel(gates), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(bend.ravel(), np.ravel(bends), rtol=1e-13, atol=4e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_large_arrays_of_any_layout_and_precision(name: str) -> None:
    sigma, z = ACTIVATIONS[name], np.linspace(-4.0, 4.0, 4096).reshape(64, 64)
    value = sigma.value(np, z)
    np.testing.assert_allclose(sigma.value(np, z.T), value.T, rtol=1e-15, atol=1e-300)
    single = sigma.value(np, z.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, value, rtol=3e-6, atol=1e-7)
    out = np.empty((64, 128))[:, ::2]
    assert sigma.value(np, z, out=out) is out
    np.testing.assert_allclose(out, value, rtol=1e-15, atol=1e-300)


def test_relu_has_derivative_zero_at_the_kink() -> None:
    zero = np.zeros((1, 1))
    assert ACTIVATIONS["relu"].derivative(np, zero, zero)[0, 0] == 0.0


@pytest.mark.parametrize(
    ("z", "expected"), [(1e6, 1e6), (-1e6, 0.0), (-40.0, 4.248354255291589e-18)]
)
def test_softplus_neither_overflows_nor_loses_digits(z: float, expected: float) -> None:
    value = ACTIVATIONS["softplus"].value(np, np.array([[z]]))
    assert value[0, 0] == pytest.approx(expected, rel=1e-14, abs=0)


def test_unknown_name_suggests_a_known_one() -> None:
    with pytest.raises(ValueError, match=r"'softplsu'.*tanh, relu, softplus, erf.*'softplus'"):
        activation_named("softplsu")
