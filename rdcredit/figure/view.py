"""The three cumulative views of a study's figures."""

from __future__ import annotations

from enum import StrEnum


class View(StrEnum):
    """Which dollars a figure counts: each view contains the one before it."""

    SUPPORTED = "supported"
    """Decided by a cited rule, a stated fact or the reviewer."""
    EXPECTED = "expected"
    """Also dollars held at the activity gate alone that the classifier calls qualifying."""
    POTENTIAL = "potential"
    """Also the other held dollars that could qualify."""

    def counts(self) -> tuple[View, ...]:
        """The marks of the rows this view adds up."""
        views = tuple(View)
        return views[: views.index(self) + 1]
