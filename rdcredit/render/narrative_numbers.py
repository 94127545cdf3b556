"""Where the numbers of the Word study come from: figures of the line graph and sums of the ledger.

Nothing else makes a :class:`~rdcredit.render.templating.Number`, so whatever the document prints as a
number can be asked for its source.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.figure.expression import AnyColumn, AnyLeaf, AnyLine, Leaf, Line, Rounding, Schedule, Unit
from rdcredit.figure.sentence import sentence, shown
from rdcredit.figure.value import Missing
from rdcredit.money import decimal_text, money_text
from rdcredit.render.templating import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from typing import TypeVar

    from rdcredit.figure.evaluate import AnyValue, Evaluation
    from rdcredit.figure.view import View
    from rdcredit.ledger.records import Part

    K = TypeVar("K", bound=Hashable)

HOME_CURRENCY = "USD"
MISSING = "missing"


@dataclass(frozen=True, slots=True, repr=False)
class Figures:
    """Figures of one credit as numbers to print; ``view`` is the one shown where none is named."""

    evaluation: Evaluation
    view: View

    def of(self, node: AnyLine | AnyLeaf, view: View | None = None, *, cents: bool = False) -> Number:
        """A figure's value; ``cents`` shows them also where a line is rounded to dollars."""
        seen = view or self.view
        whole = isinstance(node, Line) and node.rounding is Rounding.WHOLE_DOLLARS and not cents
        return _number(self.evaluation.seen(node, seen), node.unit, f"{node.id} ({seen})", whole=whole)

    def cell(
        self, schedule: Schedule, column: AnyColumn, row: int, view: View | None = None, *, whole: bool = False
    ) -> Number:
        """The value of one cell of a schedule; ``whole`` where a sum of whole dollars is one itself."""
        seen = view or self.view
        source = f"{schedule.id}/{schedule.rows[row].key}/{column.id} ({seen})"
        dollars = whole or column.rounding is Rounding.WHOLE_DOLLARS
        value = self.evaluation.seen_cell(schedule, column, row, seen)
        number = _number(value, column.unit, source, whole=dollars)
        if column.unit is not Unit.RATIO or number.value is None:
            return number
        percent = decimal_text(number.value * 100, 2).rstrip("0").rstrip(".")
        return replace(number, text=f"{percent}%")

    def how(self, line: AnyLine) -> str:
        """The figure's sentence without its label and value, which stand beside it."""
        text = sentence(line, self.evaluation, self.view).removeprefix(f"{line.label}: ")
        value = self.evaluation.seen(line, self.view)
        if not isinstance(value, Missing):
            text = text.removeprefix(shown(value.value, line.unit, whole=line.rounding is Rounding.WHOLE_DOLLARS))
        return text.removeprefix(" =").removeprefix(",").strip()

    def sentence(self, line: AnyLine) -> str:
        """The figure's whole sentence."""
        return sentence(line, self.evaluation, self.view)

    def gaps(self, nodes: Iterable[AnyLine | AnyLeaf]) -> tuple[str, ...]:
        """What has to be found out before these figures are known, each once."""
        values = (self.evaluation.seen(n, self.view) for n in nodes)
        return tuple(dict.fromkeys(w for v in values if isinstance(v, Missing) for w in v.what))

    def assumptions(self, nodes: Iterable[AnyLine | AnyLeaf]) -> tuple[str, ...]:
        """What these figures take for granted, each once."""
        values = (self.evaluation.seen(n, self.view) for n in nodes)
        return tuple(dict.fromkeys(a for v in values if not isinstance(v, Missing) for a in v.assumed))


def _number(value: AnyValue, unit: Unit, source: str, *, whole: bool) -> Number:
    if isinstance(value, Missing):
        return Number(MISSING, source, is_missing=True)
    known = value.value
    if not isinstance(known, Fraction):
        return Number(shown(known, unit), source)
    text = money_text(known, 2) if unit is Unit.MONEY and not whole else shown(known, unit, whole=whole)
    return Number(text, source, known)


def law_number(leaf: Leaf[Fraction] | Leaf[bool] | Leaf[date]) -> Number:
    """A rate, threshold or date of the law, bound to its parameter."""
    return _number(leaf.value, leaf.unit, leaf.id, whole=False)


# -- the ledger -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """Dollars of a selection of the ledger, exact, by currency."""

    amounts: Mapping[str, Fraction]
    selection: str

    @property
    def home(self) -> Fraction:
        """The dollars; amounts in other currencies are never converted."""
        return self.amounts.get(HOME_CURRENCY, Fraction(0))

    @property
    def rank(self) -> Fraction:
        """What it is sorted by: the size of the largest amount."""
        return max((abs(a) for a in self.amounts.values()), default=Fraction(0))

    def number(self) -> Number:
        """The amounts to the cent; a currency other than the dollar is named."""
        texts = [
            money_text(amount, 2) if currency == HOME_CURRENCY else f"{currency} {money_text(amount, 2)}"
            for currency, amount in sorted(self.amounts.items(), key=lambda pair: (pair[0] != HOME_CURRENCY, pair[0]))
        ]
        return Number("; ".join(texts) or money_text(Fraction(0), 2), f"ledger: {self.selection}", self.home)


def sum_of(parts: Iterable[Part], selection: str) -> Sum:
    """The exact sum of parts, by currency."""
    amounts: dict[str, Fraction] = defaultdict(Fraction)
    for part in parts:
        amounts[part.currency] += Fraction(part.amount)
    return Sum(dict(amounts), selection)


def grouped(parts: Iterable[Part], key: Callable[[Part], K]) -> list[tuple[K, tuple[Part, ...]]]:
    """Parts by key, the largest sum first; equal sums by key, so that the order never varies."""
    found: dict[K, list[Part]] = {}
    for part in parts:
        found.setdefault(key(part), []).append(part)
    ranked = [(k, tuple(members), sum_of(members, "").rank) for k, members in found.items()]
    return [(k, members) for k, members, _ in sorted(ranked, key=lambda entry: (-entry[2], str(entry[0])))]


def amount_of(amount: Decimal | Fraction, currency: str, source: str) -> Number:
    """An amount that was read or stated, bound to where it stands."""
    return Sum({currency or HOME_CURRENCY: Fraction(amount)}, source).number()


def count_of(things: Sequence[object] | int, source: str) -> Number:
    """How many there are."""
    count = things if isinstance(things, int) else len(things)
    return Number(f"{count:,}", f"count: {source}", Fraction(count))
