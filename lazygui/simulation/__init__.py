"""How a scenario runs: one module per kind of simulation, and the history it fills."""
