"""Short ways to write studies and rows for the tests of wages, contracts and supplies."""

from datetime import date
from decimal import Decimal
from itertools import count

from rdcredit.ingest.records import (
    ContractorPayment,
    ContractTerms,
    PayRow,
    PersonRow,
    SupplyRow,
    TimeRow,
)
from rdcredit.source import FileRef, RowRef
from rdcredit.study.config import Study

_records = count(1)


def ref(name="inputs/table.csv"):
    return RowRef(FileRef(name, "0" * 64), next(_records))


def component(name="atlas", **facts):
    stated = {
        "id": name,
        "name": name.title(),
        "kind": "software",
        "use": "not internal",
        "funded": False,
        "meets_80_percent": "yes",
        "meets_80_percent_source": "activity records",
        "projects": [name],
    }
    return stated | facts


def make_study(components=None, begin="2025-01-01", end="2025-12-31", method="accrual", taxpayer=None, **more):
    return Study.model_validate(
        {
            "study": {"status": "draft", "dated": "2026-02-10"},
            "taxpayer": {
                "name": "Quillfern Tensorworks, Inc.",
                "entity": "C corporation",
                "accounting_method": method,
                "trade_or_business_began": "2020-01-01",
                "controlled_group": False,
            }
            | (taxpayer or {}),
            "tax_years": [{"begin": begin, "end": end}],
            "components": [component()] if components is None else components,
        }
        | more
    )


def pay(amount, on="2025-06-30", person="E1", name="Ana Rivera", **more):
    return PayRow(ref("inputs/pay.csv"), person, name, Decimal(amount), date.fromisoformat(on), **more)


def box_1(amount, year=2025, person="E1", name="Ana Rivera"):
    return PayRow(ref("inputs/w2.csv"), person, name, Decimal(amount), None, year=year)


def person(person_id="E1", name="Ana Rivera", title="Research Engineer", country="US", **more):
    return PersonRow(ref("inputs/people.csv"), person_id, name, title=title, country=country, **more)


def hours(number, project="atlas", begin="2025-01-01", end="2025-12-31", person_id="E1", kind="research", **more):
    return TimeRow(
        ref("inputs/time.csv"),
        person_id,
        project,
        date.fromisoformat(begin),
        date.fromisoformat(end),
        Decimal(number),
        None,
        kind=kind,
        **more,
    )


def percent(number, project="atlas", begin="2025-01-01", end="2025-12-31", person_id="E1", kind="research", **more):
    return TimeRow(
        ref("inputs/time.csv"),
        person_id,
        project,
        date.fromisoformat(begin),
        date.fromisoformat(end),
        None,
        Decimal(number),
        kind=kind,
        **more,
    )


def terms(contract="C-1", vendor="Devco LLC", signed="2024-12-01", **more):
    known = {"paid_regardless_of_success": True, "rights_to_results": True} | more
    return ContractTerms(
        ref("inputs/contracts.csv"), contract, vendor, date.fromisoformat(signed) if signed else None, **known
    )


def payment(amount, begin="2025-03-01", end="2025-03-31", paid="2025-04-15", **more):
    stated = {"vendor": "Devco LLC", "contract": "C-1", "project": "atlas", "currency": "USD", "country": "US"} | more
    return ContractorPayment(
        ref("inputs/contractors.csv"),
        amount=Decimal(amount),
        performed_begin=date.fromisoformat(begin) if begin else None,
        performed_end=date.fromisoformat(end) if end else None,
        paid=date.fromisoformat(paid) if paid else None,
        **stated,
    )


def supply(amount, description="accelerometer boards", incurred="2025-05-05", paid="2025-06-05", **more):
    stated = {"vendor": "Partsco", "project": "atlas", "currency": "USD", "tangible": True, "depreciable": False} | more
    return SupplyRow(
        ref("inputs/supplies.csv"),
        description=description,
        amount=Decimal(amount),
        incurred=date.fromisoformat(incurred) if incurred else None,
        paid=date.fromisoformat(paid) if paid else None,
        **stated,
    )


def buckets(parts):
    """Dollars by bucket, as text."""
    sums = {}
    for part in parts:
        key = str(part.determination.bucket)
        sums[key] = sums.get(key, Decimal(0)) + part.amount
    return {key: f"{value:,.2f}" for key, value in sums.items()}


def questions(parts):
    return {q for part in parts for q in part.determination.questions}
