"""The study folder: its settings, its lock, and the published set that is exchanged as a whole."""
