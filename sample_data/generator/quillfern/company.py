"""What the whole sample shares: the year, the seed, accounts and regions."""

from __future__ import annotations

from decimal import Decimal

from generator.chance import Chance
from generator.charges import Account, Region

YEAR = 2025
CHANCE = Chance("quillfern-2025")
COST_STEP = Decimal("0.0000000001")
"""AWS states costs to ten decimals."""

PAYER = Account("041726538810", "quillfern-research")
RESEARCH = PAYER
PLATFORM = Account("290417365528", "quillfern-platform")
PRODUCTION = Account("530982147763", "quillfern-production")
CORPORATE = Account("718240096314", "quillfern-corp")
SANDBOX = Account("006318842957", "quillfern-sandbox")

VIRGINIA = Region("us-east-1", "US East (N. Virginia)")
OREGON = Region("us-west-2", "US West (Oregon)", "USW2-")
IRELAND = Region("eu-west-1", "EU (Ireland)", "EU-")


def level(dollars: int, first: int = 1, last: int = 12) -> tuple[int, ...]:
    """The same spend in each month from ``first`` to ``last``."""
    return tuple(dollars if first <= month <= last else 0 for month in range(1, 13))


def growing(start: int, step: int, first: int = 1, last: int = 12) -> tuple[int, ...]:
    """A spend that grows by ``step`` a month from ``first`` to ``last``."""
    return tuple(start + step * (month - first) if first <= month <= last else 0 for month in range(1, 13))
