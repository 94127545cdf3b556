"""Buckets and parts: every source dollar in exactly one place, and the checks that none is lost."""
