"""The training engine: a session on the main thread, a worker in a QThread (QtCore only)."""
