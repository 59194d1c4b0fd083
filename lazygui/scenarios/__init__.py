"""Frozen, validated descriptions of runs: what is simulated, never how."""
