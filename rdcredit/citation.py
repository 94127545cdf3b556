"""Citations: where in the law, a regulation, a form or a document a statement comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How good the evidence for a legal statement is."""

    PRIMARY = "primary"
    """Read in the statute, regulation, form or an agency's own page."""
    SECONDARY = "secondary"
    """Two or more practitioner sources agree."""
    SINGLE = "single"
    """One practitioner source."""
    GENERAL = "general"
    """Well-known law, not re-read for this entry."""
    UNSETTLED = "unsettled"
    """Sources conflict or no authority was found."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in an authority, as a practitioner writes it: ``IRC 41(c)(4)(A)``."""

    authority: str
    source: str = ""
    """What was consulted to state the rule; empty where the authority itself was read."""
    grade: Grade = Grade.PRIMARY

    def __str__(self) -> str:
        return self.authority
