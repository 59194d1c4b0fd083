"""Pure functions of the theory, in float64: no Qt, no files, no global random state."""
