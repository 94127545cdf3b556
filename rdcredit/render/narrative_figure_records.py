"""What a study's template may print of the credit: law, QREs by category, both methods, the form.

The rest of what it may name is in :mod:`~rdcredit.render.narrative_records`.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdcredit.render.templating import Number, Shown


@dataclass(frozen=True, slots=True)
class LawItem(Shown):
    """One rate, threshold or date of the law with its authority."""

    label: str
    value: Number
    cite: str


@dataclass(frozen=True, slots=True)
class LawUsed(Shown):
    """The law's own numbers, by name for the text and all of them for the appendix."""

    regular_rate: LawItem
    minimum_base_share: LawItem
    fixed_base_cap: LawItem
    asc_rate: LawItem
    asc_special_rate: LawItem
    reduced_tax_rate: LawItem
    wages_substantially_all: LawItem
    contract_general: LawItem
    contract_consortium: LawItem
    contract_energy: LawItem
    all: tuple[LawItem, ...]


@dataclass(frozen=True, slots=True)
class PersonRow(Shown):
    """One person's wages: the only place where a name stands beside pay."""

    id: str
    name: str
    officer: str
    wages: Number
    share: Number
    counted: Number
    qualified: Number


@dataclass(frozen=True, slots=True)
class CostRow(Shown):
    """One cost of a component."""

    description: str
    component: str
    view: str
    amount: Number


@dataclass(frozen=True, slots=True)
class ContractRow(Shown):
    """One contract's cost and the part of it that counts."""

    contract: str
    component: str
    payee: str
    view: str
    amount: Number
    percentage: Number
    applicable: Number


@dataclass(frozen=True, slots=True)
class QreChapters(Shown):
    """QREs by category."""

    wages: str
    people: tuple[PersonRow, ...]
    people_left: str
    officers: str
    supplies: str
    supply_rows: tuple[CostRow, ...]
    supplies_left: str
    computers: str
    computer_rows: tuple[CostRow, ...]
    computers_left: str
    contracts: str
    contract_rows: tuple[ContractRow, ...]
    contracts_left: str
    basic: str


@dataclass(frozen=True, slots=True)
class FigureRow(Shown):
    """A figure of the computation and how it comes about."""

    label: str
    value: Number
    how: str


@dataclass(frozen=True, slots=True)
class Computation(Shown):
    """Both methods figure by figure, and the credit claimed."""

    regular: tuple[FigureRow, ...]
    asc: tuple[FigureRow, ...]
    current: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class FormRow(Shown):
    """One line of the form."""

    line: str
    label: str
    value: Number
    note: str


@dataclass(frozen=True, slots=True)
class ListedRow(Shown):
    """One business component as the form would list it."""

    component: str
    kind: str
    wages: Number
    supplies: Number
    computer_rental: Number
    contract_research: Number
    qre: Number


@dataclass(frozen=True, slots=True)
class FormPages(Shown):
    """The answers of the form that are not sums, and its list of components."""

    revision: str
    answers: tuple[FormRow, ...]
    section_g: str
    listed: tuple[ListedRow, ...]
