"""Supplies: tangible property used in qualified research, other than land and depreciable property.

Not handled: extraordinary utilities, Treas. Reg. 1.41-2(b)(2)(ii), unless given as supplies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.qre.costs import CostSchedule, cost_schedule

if TYPE_CHECKING:
    from rdcredit.facts.records import Facts


def supplies(facts: Facts) -> CostSchedule:
    """The schedule of supplies by component.

    Source: IRC 41(b)(2)(A)(ii), (C).
    """
    return cost_schedule(
        "s41.supplies", "Supplies used in qualified research", "IRC 41(b)(2)(C)", facts.supplies, facts.source
    )
