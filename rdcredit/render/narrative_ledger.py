"""The chapters that are sums of the ledger: reconciliation, excluded and held dollars, rules, subjects."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.figure.view import View
from rdcredit.ledger.records import BucketKind, Part
from rdcredit.money import CENT, rounded
from rdcredit.render.narrative_numbers import HOME_CURRENCY, Sum, amount_of, count_of, grouped, sum_of
from rdcredit.render.narrative_records import (
    BucketRow,
    ControlRow,
    DecidedRow,
    FindingRow,
    Reconciliation,
    SubjectRow,
    TieRow,
)
from rdcredit.render.narrative_words import CATEGORIES, EFFECTS, SHORT, capital

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rdcredit.ledger.findings import Finding
    from rdcredit.render.material import SourceRead, TieOut

_CUT = 240
_MOST_CITED = 4
_MOST_CONTROLS = 15
_VIEWS = tuple(View)
_KINDS = (BucketKind.QUALIFIED, BucketKind.EXCLUDED, BucketKind.HELD)


def shortened(text: str, cut: int = _CUT) -> str:
    """A text that fits a table cell, cut after a sentence where one ends in its second half, else at a word."""
    if len(text) <= cut:
        return text
    end = text.rfind(". ", cut // 2, cut)
    return f"{text[: end + 1] if end > 0 else text[:cut].rsplit(' ', 1)[0]} ..."


# -- reconciliation -------------------------------------------------------------------------------


def reconciliation(parts: Sequence[Part], sources: Sequence[SourceRead], tie_outs: Sequence[TieOut]) -> Reconciliation:
    """What was read of each source against where it ended, and the control totals."""
    read = {(s.input_id, s.currency or HOME_CURRENCY): Fraction(s.amount) for s in sources if s.amount}
    ended: dict[tuple[str, str], dict[BucketKind, Fraction]] = defaultdict(lambda: dict.fromkeys(_KINDS, Fraction(0)))
    for part in parts:
        ended[part.source, part.currency][part.determination.bucket.kind] += Fraction(part.amount)
    keys = sorted({*read, *ended})
    lines = [
        _Tie(source, currency, read.get((source, currency)), dict(ended[source, currency])) for source, currency in keys
    ]
    currencies = sorted({c for _, c in keys}, key=lambda c: (c != HOME_CURRENCY, c))
    totals = [_total([t for t in lines if t.currency == c], c) for c in currencies]
    return Reconciliation(
        statement=" ".join(t.sentence() for t in totals) or "No dollars were considered.",
        rows=tuple(t.row() for t in lines),
        totals=tuple(t.row() for t in totals),
        controls=tuple(_control(t) for t in _telling(tie_outs)[:_MOST_CONTROLS]),
        controls_left=_more_controls(len(tie_outs)),
        residue=_residue([*lines, *totals]),
    )


@dataclass(frozen=True, slots=True)
class _Tie:
    """One source in one currency; ``read`` is None where only the parts are known."""

    source: str
    currency: str
    read: Fraction | None
    ended: dict[BucketKind, Fraction]

    @property
    def considered(self) -> Fraction:
        return sum(self.ended.values(), Fraction(0)) if self.read is None else self.read

    @property
    def difference(self) -> Fraction:
        return self.considered - sum(self.ended.values(), Fraction(0))

    def row(self) -> TieRow:
        def number(amount: Fraction, what: str) -> Sum:
            return Sum({self.currency: amount}, f"{self.source}, {what}")

        return TieRow(
            source=self.source,
            considered=number(self.considered, "considered").number(),
            qualified=number(self.ended[BucketKind.QUALIFIED], "qualified").number(),
            excluded=number(self.ended[BucketKind.EXCLUDED], "excluded").number(),
            held=number(self.ended[BucketKind.HELD], "held").number(),
            difference=number(self.difference, "difference").number(),
            broken=self.difference != 0,
        )

    def sentence(self) -> str:
        row = self.row()
        unit = "US dollars" if self.currency == HOME_CURRENCY else self.currency
        return (
            f"Considered {row.considered} ({unit}) = qualified {row.qualified} + excluded {row.excluded} + held "
            f"{row.held}; difference {row.difference}."
        )


def _total(lines: Sequence[_Tie], currency: str) -> _Tie:
    ended = {kind: sum((t.ended[kind] for t in lines), Fraction(0)) for kind in _KINDS}
    read = sum((t.considered for t in lines), Fraction(0))
    return _Tie("All sources" if currency == HOME_CURRENCY else f"All sources in {currency}", currency, read, ended)


def _residue(lines: Iterable[_Tie]) -> str:
    """A sentence about parts shown to the cent that do not add up as shown; empty where they do."""
    most = Fraction(0)
    for t in lines:
        shown = sum((rounded(amount, 2) for amount in t.ended.values()), Fraction(0)) + rounded(t.difference, 2)
        most = max(most, abs(rounded(t.considered, 2) - shown))
    if not most:
        return ""
    number = amount_of(most, HOME_CURRENCY, "largest rounding difference of a displayed row")
    return (
        "Sources carry fractions of a cent and are shown to the cent: displayed parts may differ from a displayed "
        f"total by up to {number}. The exact amounts agree."
    )


def _telling(ties: Sequence[TieOut]) -> list[TieOut]:
    """The totals that do not agree first, then as they come."""
    return sorted(ties, key=lambda t: (not (t.difference and t.must_tie), not t.difference))


def _more_controls(count: int) -> str:
    if count <= _MOST_CONTROLS:
        return ""
    return f"Further totals, listed in the workbook: {count_of(count - _MOST_CONTROLS, 'control totals not shown')}."


def _control(tie: TieOut) -> ControlRow:
    where = f"tie-out {tie.label}"
    broken = bool(tie.difference) and tie.must_tie
    return ControlRow(
        label=tie.label,
        stated=amount_of(tie.stated, HOME_CURRENCY, f"{where}, stated"),
        read=amount_of(tie.read, HOME_CURRENCY, f"{where}, read"),
        difference=amount_of(tie.difference, HOME_CURRENCY, f"{where}, difference"),
        source=tie.source,
        result="agrees" if abs(tie.difference) < CENT else "does not agree" if tie.must_tie else "explained difference",
        broken=broken,
    )


# -- buckets --------------------------------------------------------------------------------------


def bucket_rows(parts: Iterable[Part], kind: BucketKind, mask: Callable[[str], str]) -> tuple[BucketRow, ...]:
    """Excluded dollars by reason or held dollars by question, the largest first."""
    chosen = [p for p in parts if p.determination.bucket.kind is kind]
    rows = []
    for name, members in grouped(chosen, lambda p: p.determination.bucket.name):
        rows.append(
            BucketRow(
                name=capital(mask(name)),
                amount=sum_of(members, f"{kind}:{name}").number(),
                subjects=count_of(len({p.subject for p in members}), f"subjects of {kind}:{name}"),
                authority=_cited(members),
                category=", ".join(_distinct(SHORT[p.category] for p in members)),
                effect=EFFECTS[_first_view(members)],
            )
        )
    return tuple(rows)


def _first_view(parts: Iterable[Part]) -> View | None:
    views = [p.determination.counts_in for p in parts if p.determination.counts_in is not None]
    return min(views, key=_VIEWS.index, default=None)


def _cited(parts: Iterable[Part]) -> str:
    """The authorities of the parts, each once; the ledger has them all where there are many."""
    found = dict.fromkeys(a.strip() for p in parts for a in p.determination.authority.split(";") if a.strip())
    listed = list(found)[:_MOST_CITED]
    return "; ".join(listed) + (" and others" if len(found) > _MOST_CITED else "")


def _distinct(texts: Iterable[str]) -> list[str]:
    return sorted({t for t in texts if t})


def left_over(rows: Sequence[BucketRow], shown: int, what: str, parts: Sequence[Part], kind: BucketKind) -> str:
    """A sentence about the rows a short table leaves out; empty where it shows them all."""
    if len(rows) <= shown:
        return ""
    chosen = grouped((p for p in parts if p.determination.bucket.kind is kind), lambda p: p.determination.bucket.name)
    rest = [p for _, members in chosen[shown:] for p in members]
    count = count_of(len(rows) - shown, f"{what} not shown")
    amount = sum_of(rest, f"{kind}: the other {what}").number()
    return f"Other {what}: {count}, with {amount}; see the chapter on excluded and held dollars."


def rules_applied(parts: Iterable[Part]) -> tuple[DecidedRow, ...]:
    """Every rule that decided a dollar, the largest first."""
    rows = []
    for (rule, outcome), members in grouped(parts, lambda p: (p.determination.rule, str(p.determination.bucket.kind))):
        rows.append(
            DecidedRow(
                rule=rule,
                outcome=outcome,
                authority=_cited(members),
                subjects=count_of(len({p.subject for p in members}), f"subjects decided by {rule}"),
                amount=sum_of(members, f"decided by {rule}, {outcome}").number(),
            )
        )
    return tuple(rows)


# -- subjects -------------------------------------------------------------------------------------


def of_component(parts: Iterable[Part], component: str) -> tuple[Part, ...]:
    """The parts that were placed in a component, whatever became of them."""
    return tuple(p for p in parts if p.determination.component == component)


def subject_rows(
    parts: Sequence[Part], component: str, mask: Callable[[str], str], most: int
) -> tuple[tuple[SubjectRow, ...], str]:
    """The subjects of a component by dollars, and a sentence about those a table leaves out."""
    found = grouped(parts, lambda p: (p.subject, str(p.category), str(p.determination.bucket)))
    rows = []
    for (subject, _, bucket), members in found[:most]:
        first = members[0]
        rows.append(
            SubjectRow(
                subject=mask(subject),
                category=CATEGORIES[first.category],
                outcome="qualified"
                if first.determination.bucket.kind is BucketKind.QUALIFIED
                else mask(f"{first.determination.bucket.kind}: {first.determination.bucket.name}"),
                amount=sum_of(members, f"{component}, {subject}, {bucket}").number(),
                why=shortened(mask(first.determination.why)),
            )
        )
    if len(found) <= most:
        return tuple(rows), ""
    rest = [p for _, members in found[most:] for p in members]
    count = count_of(len(found) - most, f"{component}, subjects not shown")
    amount = sum_of(rest, f"{component}, the other subjects").number()
    return tuple(rows), f"Further entries in the workbook and the ledger: {count}, with {amount}."


def finding_rows(findings: Iterable[Finding], mask: Callable[[str], str]) -> tuple[FindingRow, ...]:
    """Findings, the largest first."""
    ordered = sorted(findings, key=lambda f: (-abs(f.dollars), f.code, f.title))
    return tuple(
        FindingRow(
            title=mask(f.title),
            why=mask(f.why),
            amount=amount_of(f.dollars, HOME_CURRENCY, f"finding {f.code}"),
            subjects=mask(shortened(", ".join(f.subjects), 160)),
            code=f.code,
            blocks=f.blocks_final,
        )
        for f in ordered
    )
