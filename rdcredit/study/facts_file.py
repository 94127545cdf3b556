"""``FACTS.toml``: the credit's facts as stated by a person, without a study behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rdcredit.errors import Refused
from rdcredit.facts.records import (
    BaseHistory,
    Component,
    ContractCost,
    Cost,
    EntityType,
    Facts,
    PayeeKind,
    Person,
    Services,
    ServiceTime,
)
from rdcredit.study.config import (
    Amount,
    ElectionSettings,
    Identifier,
    OtherSettings,
    Share,
    TaxpayerSettings,
    TaxYearSettings,
)
from rdcredit.study.explain import explained
from rdcredit.study.facts_checks import facts_problems
from rdcredit.study.load import parsed_toml, settings_text
from rdcredit.study.positions import key_lines, line_of
from rdcredit.study.to_facts import election_facts, other_facts, stated, taxpayer_facts, year_facts

if TYPE_CHECKING:
    from pathlib import Path


ONLY_COMPONENT = "all-research"
"""The component everything belongs to where the facts name none."""


class Table(BaseModel):
    """A table of the file; keys it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ComponentFacts(Table):
    """``[[components]]``: a business component."""

    id: Identifier
    name: str = Field(min_length=1)
    kind: str = ""
    software_use: str = ""
    information_sought: str = ""


class TimeFacts(Table):
    """A share of a person's services of the year: for which component, as which kind of service."""

    share: Share
    services: Literal["research", "supervision", "support"] = "research"
    component: Identifier | None = None


class PersonFacts(Table):
    """``[[people]]``: one person's section 3401(a) wages and qualified services."""

    id: Identifier
    name: str = ""
    wages: Amount
    officer: bool = False
    time: tuple[TimeFacts, ...] = Field(min_length=1)


class CostFacts(Table):
    """``[[supplies]]`` or ``[[computer_rental]]``: an amount paid or incurred in the year."""

    description: str = Field(min_length=1)
    amount: Amount
    component: Identifier | None = None


class ContractFacts(CostFacts):
    """``[[contracts]]``: an amount for contract research, before the 65, 75 or 100 percent."""

    payee_kind: Literal["general", "consortium", "energy"] = "general"


class BaseHistoryFacts(Table):
    """``[base_history]``: totals of the taxable years beginning in 1984 to 1988."""

    qre: Amount
    receipts: Amount


class FactsFile(Table):
    """The whole of a facts file."""

    taxpayer: TaxpayerSettings
    tax_years: tuple[TaxYearSettings, ...] = Field(min_length=1)
    elections: ElectionSettings = ElectionSettings()
    components: tuple[ComponentFacts, ...] = ()
    people: tuple[PersonFacts, ...] = ()
    supplies: tuple[CostFacts, ...] = ()
    computer_rental: tuple[CostFacts, ...] = ()
    contracts: tuple[ContractFacts, ...] = ()
    other: OtherSettings = OtherSettings()
    base_history: BaseHistoryFacts | None = None
    original_return: bool = True


def load_facts(path: Path) -> Facts:
    """The facts of the file at ``path``.

    Raises:
        Refused: all problems of the file at once (E501, E502, E503, E505), or the file itself.
    """
    text = settings_text(path)
    raw = parsed_toml(text, path.name)
    try:
        file = FactsFile.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        lines = key_lines(text)
        faults = sorted(explained(errors, raw, FactsFile), key=lambda f: line_of(lines, f.at) or 0)
        raise Refused([f.problem(lines, path.name) for f in faults]) from None
    problems = facts_problems(file, path.name, key_lines(text))
    if problems:
        raise Refused(problems)
    return to_facts(file, path.name)


def to_facts(file: FactsFile, document: str) -> Facts:
    """The file's statements as facts; ``document`` is its name, for origins."""

    def component(named: str | None) -> str:
        return named or (file.components[0].id if file.components else ONLY_COMPONENT)

    def cost(kind: str, i: int, c: CostFacts) -> Cost:
        fact = stated(c.amount, document, f"{kind} {i}")
        return Cost(f"{kind}-{i}", c.description, component(c.component), fact)

    names = list(file.components) or [ComponentFacts(id=ONLY_COMPONENT, name="All research, not divided")]
    return Facts(
        taxpayer=taxpayer_facts(file.taxpayer),
        years=tuple(year_facts(y, document) for y in file.tax_years),
        elections=election_facts(file.elections, document),
        components_stated=bool(file.components),
        components=tuple(Component(c.id, c.name, c.kind, c.software_use, c.information_sought) for c in names),
        people=tuple(
            Person(p.id, p.name or p.id, stated(p.wages, document, f"wages of {p.id}"), p.officer) for p in file.people
        ),
        time=tuple(
            ServiceTime(
                p.id, component(t.component), Services(t.services), stated(t.share, document, f"time of {p.id}")
            )
            for p in file.people
            for t in p.time
        ),
        supplies=tuple(cost("supplies", i, c) for i, c in enumerate(file.supplies, start=1)),
        computer_rental=tuple(cost("computer_rental", i, c) for i, c in enumerate(file.computer_rental, start=1)),
        contracts=tuple(
            ContractCost(
                f"contracts-{i}",
                c.description,
                component(c.component),
                PayeeKind(c.payee_kind),
                stated(c.amount, document, f"contracts {i}"),
            )
            for i, c in enumerate(file.contracts, start=1)
        ),
        other=other_facts(file.other, document, EntityType(file.taxpayer.entity)),
        base_history=_history(file.base_history, document),
        original_return=file.original_return,
        source=document,
    )


def _history(settings: BaseHistoryFacts | None, document: str) -> BaseHistory | None:
    if settings is None:
        return None
    place = "base_history"
    return BaseHistory(stated(settings.qre, document, place), stated(settings.receipts, document, place))
