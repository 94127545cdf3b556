from support.studies import sample, small, small_copy

__all__ = ["sample", "small", "small_copy"]
