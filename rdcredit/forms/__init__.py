"""Tax forms: lines as data by revision, bound to figures."""
