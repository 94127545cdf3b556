"""Amounts paid to another for the right to use computers in the conduct of qualified research.

The amounts given have passed both gates: the activity is qualified research, and the cost meets
Treas. Reg. 1.41-2(b)(4). What another view adds is marked with that view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.qre.costs import CostSchedule, cost_schedule

if TYPE_CHECKING:
    from rdcredit.facts.records import Facts


def computer_rental(facts: Facts) -> CostSchedule:
    """The schedule of computer rental by component.

    Source: IRC 41(b)(2)(A)(iii); Treas. Reg. 1.41-2(b)(4).
    """
    return cost_schedule(
        "s41.computer_rental",
        "Right to use computers in qualified research",
        "IRC 41(b)(2)(A)(iii); Treas. Reg. 1.41-2(b)(4)",
        facts.computer_rental,
        facts.source,
    )
