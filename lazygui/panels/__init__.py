"""Controls that know scenarios and emit requests; they never touch the engine."""
