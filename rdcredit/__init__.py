"""Federal research credit studies that can be signed, afforded and re-run."""

__version__ = "0.1.0"
