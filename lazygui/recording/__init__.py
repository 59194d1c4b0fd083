"""Films of a run, drawn anew step by step: which machine draws them makes no difference."""
