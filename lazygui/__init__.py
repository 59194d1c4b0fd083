"""LazyGUI: a live visual simulator of lazy training in differentiable programming."""

from __future__ import annotations

__version__ = "0.1.0"
