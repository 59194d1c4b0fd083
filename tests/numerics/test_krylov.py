from __future__ import annotations

import numpy as np
import pytest

from lazygui.numerics.krylov import BLOCK, Lanczos, largest_eigenvalues


def positive(n: int, spectrum: np.ndarray, seed: int = 0) -> np.ndarray:
    basis, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((n, n)))
    return (basis * spectrum) @ basis.T


def basis_of(lanczos: Lanczos) -> np.ndarray:
    return np.array([lanczos.combine(row) for row in np.eye(lanczos.size)])


def test_the_basis_is_orthonormal_and_makes_the_operator_tridiagonal() -> None:
    A = positive(120, np.geomspace(1e-8, 1.0, 120))
    b = np.random.default_rng(1).standard_normal(120)
    lanczos = Lanczos(A.__matmul__, b)
    ritz = lanczos.ritz(50)
    V, T = basis_of(lanczos), (ritz.vectors * ritz.values) @ ritz.vectors.T
    np.testing.assert_allclose(V @ V.T, np.eye(50), atol=1e-14)
    np.testing.assert_allclose(V @ A @ V.T, T, atol=1e-14)
    np.testing.assert_allclose(lanczos.length * V[0], b, rtol=1e-14)
    outside = A @ V[-1] - V.T @ (V @ (A @ V[-1]))
    assert ritz.coupling == pytest.approx(np.linalg.norm(outside), rel=1e-10)


def test_growing_in_parts_changes_no_bit() -> None:
    A = positive(60, np.linspace(0.0, 1.0, 60))
    b = np.random.default_rng(1).standard_normal(60)
    whole, parts = Lanczos(A.__matmul__, b), Lanczos(A.__matmul__, b)
    whole.grow(40)
    for size in (1, 7, 16, 33, 40):
        parts.grow(size)
    np.testing.assert_array_equal(basis_of(parts), basis_of(whole))
    np.testing.assert_array_equal(parts.ritz(20).values, whole.ritz(20).values)


@pytest.mark.parametrize("rank", [1, 5])
def test_an_invariant_space_ends_there(rank: int) -> None:
    A = positive(40, np.append(np.arange(1.0, rank), np.zeros(41 - rank)))
    lanczos = Lanczos(A.__matmul__, np.random.default_rng(1).standard_normal(40))
    ritz = lanczos.ritz(30)
    assert lanczos.invariant
    assert ritz.coupling == 0.0
    # What rounding leaves may pass for one more direction of the null space.
    assert rank <= lanczos.size <= rank + 1
    np.testing.assert_allclose(ritz.values[-rank:], np.arange(rank), atol=1e-13)


def test_a_start_of_zeros_has_no_space() -> None:
    lanczos = Lanczos(np.eye(3).__matmul__, np.zeros(3))
    ritz = lanczos.ritz(BLOCK)
    assert lanczos.size == 0
    assert ritz.values.shape == (0,)
    assert ritz.coupling == 0.0
    np.testing.assert_array_equal(lanczos.combine(np.zeros(0)), np.zeros(3))


@pytest.mark.parametrize(
    "spectrum",
    [
        np.linspace(0.0, 1.0, 400),
        np.append(np.zeros(398), [1.0, 1.0]),
        np.append(np.linspace(0.0, 0.9999, 399), 1.0),
        np.geomspace(1e-30, 1.0, 400),
        np.zeros(400),
    ],
)
def test_the_largest_eigenvalue_to_ten_digits(spectrum: np.ndarray) -> None:
    found = largest_eigenvalues(positive(400, spectrum).__matmul__, 400)
    assert found[-1] == pytest.approx(spectrum[-1], rel=1e-10, abs=1e-300)
    assert np.all(np.diff(found) >= 0)
    assert found[0] >= 0


def test_numbers_that_are_not_finite_are_refused() -> None:
    A = np.diag([1.0, np.inf, 2.0])
    with pytest.raises(ValueError, match="not finite"):
        largest_eigenvalues(A.__matmul__, 3)
