"""The terms of contracts for research: signed before the work, owed if it fails, results may be used.

IRC 41(b)(3)(A); Reg. 1.41-2(e)(2), (3). An export of payments never shows them: each payment names
a contract, and somebody has read it or has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rdcredit.determine.names import fold
from rdcredit.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdcredit.determine.contract_timing import WorkPiece
    from rdcredit.determine.desk import Desk
    from rdcredit.determine.gates import Opinion
    from rdcredit.ingest.records import ContractorPayment, ContractTerms


@dataclass(frozen=True, slots=True)
class ContractRead:
    """What is known of the contract behind one payment."""

    terms: ContractTerms | None
    """The abstract that applies."""
    missing: str
    """Why none does; empty where one does."""
    about: tuple[str, ...]
    """What is decided on: the contract where the payment names its own, and the vendor."""

    @property
    def subject(self) -> str:
        """The study-local id of what is decided on: ``contract:C-3``, or ``vendor:...`` without one."""
        return self.about[0]


class ContractFile:
    """The abstracts by contract id; one id with two different abstracts counts as not read."""

    def __init__(self, abstracts: Iterable[ContractTerms]) -> None:
        self._terms: dict[str, ContractTerms] = {}
        self.contradicted: dict[str, ContractTerms] = {}
        for terms in abstracts:
            known = self._terms.setdefault(fold(terms.contract), terms)
            if _content(known) != _content(terms):
                self.contradicted.setdefault(fold(terms.contract), terms)

    def read_for(self, payment: ContractorPayment) -> ContractRead:
        """What is known of the contract a payment names.

        An abstract speaks for payments to its own vendor. A payment to another one that names the
        contract is decided on as the vendor's, so that nothing said of the contract settles it.
        """
        named, vendor = payment.contract.strip(), f"vendor:{payment.vendor.strip()}"
        if not named:
            return ContractRead(None, "The payment names no contract.", (vendor,))
        about = (f"contract:{named}", vendor)
        terms = self._terms.get(fold(named))
        if terms is None or fold(named) in self.contradicted:
            return ContractRead(None, f"Contract {named} has no abstract, or two that differ.", about)
        if fold(terms.vendor) != fold(payment.vendor):
            other = f"The abstract of contract {named} is of {terms.vendor.strip() or 'no named vendor'}"
            return ContractRead(None, f"{other}, and the payment went to another vendor.", (vendor,))
        return ContractRead(terms, "", about)

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each contract with contradicting abstracts."""
        return tuple(
            Problem(
                "E505",
                str(terms.ref),
                f"contract {shown(terms.contract)} has two abstracts that differ",
                "Its terms decide whether payments under it count; all of them are held.",
                "Keep the abstract of the contract in force, or give the second contract an id of its own.",
                held=True,
            )
            for terms in self.contradicted.values()
        )


def _content(terms: ContractTerms) -> tuple[object, ...]:
    return (
        fold(terms.vendor), terms.signed, terms.paid_regardless_of_success, terms.rights_to_results,
        terms.success_contingent_share, terms.payee_kind, terms.related_party,
    )  # fmt: skip


def contingent_share(terms: ContractTerms | None) -> Fraction:
    """The share of the price owed only on success; all of it where the contract says so and states no share."""
    if terms is None:
        return Fraction(0)
    if terms.success_contingent_share is not None:
        return min(max(Fraction(terms.success_contingent_share), Fraction(0)), Fraction(1))
    return Fraction(1) if terms.paid_regardless_of_success is False else Fraction(0)


def contract_checks(read: ContractRead, piece: WorkPiece, desk: Desk, *, on_success: bool) -> list[Opinion]:
    """The opinions of the contract gate on one stretch of work, and on one slice of its price."""
    ask, about, terms = desk.answers.opinion, read.about, read.terms
    if terms is None:
        return [ask("contracts.not-read", about, missing=read.missing), *_related(read, desk)]
    contract = terms.contract
    checks: list[Opinion] = []
    if on_success:
        checks.append(ask("contracts.success-fee", about, contract=contract))
    if terms.rights_to_results is False:
        checks.append(ask("contracts.no-rights", about, contract=contract))
    if terms.signed and piece.begun and piece.begun < terms.signed:
        signed = terms.signed.isoformat()
        checks.append(ask("contracts.signed-after", about, contract=contract, signed=signed))
    unread = _unread(terms, piece)
    if unread:
        missing = f"The abstract of contract {contract} does not say {unread}."
        checks.append(ask("contracts.not-read", about, missing=missing))
    if not checks and terms.signed:
        checks.append(ask("contracts.terms", about, contract=contract, signed=terms.signed.isoformat()))
    return [*checks, *_related(read, desk)]


def _related(read: ContractRead, desk: Desk) -> list[Opinion]:
    """Whether the payment may be disregarded as one inside the taxpayer's controlled group."""
    related = read.terms.related_party if read.terms else None
    if related and read.terms:
        return [desk.answers.opinion("contracts.related-party", read.about, contract=read.terms.contract)]
    if related is None and desk.study.taxpayer.controlled_group is not False:
        return [desk.answers.opinion("contracts.related-party-unknown", read.about)]
    return []


def _unread(terms: ContractTerms, piece: WorkPiece) -> str:
    """What an abstract leaves open of the three tests of Reg. 1.41-2(e)(2) and (3)."""
    share = terms.success_contingent_share
    owed = terms.paid_regardless_of_success is None or (terms.paid_regardless_of_success is False and share == 0)
    missing = (
        ("whether it was signed before the work began", terms.signed is None or piece.begun is None),
        ("whether the price is owed if the research fails", owed),
        ("who may use the results", terms.rights_to_results is None),
    )
    return ", ".join(text for text, is_open in missing if is_open)
