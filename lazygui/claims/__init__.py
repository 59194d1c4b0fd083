"""Claims of the lecture: what theory predicts, what the run measured, and the verdict."""
