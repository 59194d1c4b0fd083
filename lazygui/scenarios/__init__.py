"""Frozen, validated descriptions of runs: what is simulated, never how."""

from __future__ import annotations

import os

from lazygui.lean import uncompiled_references, without

# Plugins are looked for in every package installed, which takes longer than making the models.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

with uncompiled_references():
    import pydantic_core as pydantic_core
# pydantic loads its last parts with the first model.
with without("importlib.metadata", "secrets"):
    from lazygui.scenarios import base as base
