"""Marks of the theory on the step-size slider."""

from __future__ import annotations

Mark = tuple[float, str]


def learning_rate_marks(smoothness: float | None, convexity: float | None) -> tuple[Mark, ...]:
    """2/λ_max, where stability ends, and 2/(λ_1+λ_n), the best fixed step of a quadratic."""
    if not smoothness:
        return ()
    stability = (2.0 / smoothness, "2/λ<sub>max</sub>")
    if not convexity or convexity >= smoothness:
        return (stability,)
    best = (2.0 / (smoothness + convexity), "2/(λ<sub>1</sub>+λ<sub>n</sub>)")
    return (best, stability)


def signed(number: float) -> str:
    """Three digits with a typographic minus, for a sentence."""
    return f"{number:.3g}".replace("-", "−")
