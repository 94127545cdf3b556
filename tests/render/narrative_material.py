"""A small study with every kind of dollar in it, for the tests of the Word study."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

from support.facts import year

from rdcredit.credit.compute import compute_credit
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import form_6765
from rdcredit.law import law_for
from rdcredit.ledger.findings import Finding
from rdcredit.ledger.records import Bucket, BucketKind, Determination, Part, QreCategory
from rdcredit.render.material import SourceRead, StudyMaterial, TieOut
from rdcredit.source import FileRef, RowRef
from rdcredit.study.config import Study
from rdcredit.study.facts_file import FactsFile, to_facts

NAME = "Larkspur R&D Labs, Inc."
CLOUD = FileRef("inputs/cloud.csv", "c" * 64)
PAYROLL = FileRef("inputs/payroll.csv", "d" * 64)
COMPONENTS = [
    {
        "id": "sparse-decoder",
        "name": "Sparse decoding engine",
        "kind": "software",
        "use": "not internal",
        "began": date(2024, 11, 4),
        "released": date(2025, 9, 30),
        "information_sought": "Whether expert routing can halve the cost of decoding.\nAnd at which cache size.",
        "uncertainty": "Method and design: no known routing kept quality at half the cache.",
        "alternatives": "Three routing schemes, four cache policies.",
        "evaluation": "Ablation runs with fixed seeds.",
        "technological_basis": "Computer science.",
        "funded": False,
        "meets_80_percent": "yes",
        "meets_80_percent_source": "E-1: hours by activity, file 80-SPD",
    },
    {"id": "codec", "name": "Neural codec <beta> & friends", "kind": "product"},
]
PEOPLE = [
    {"id": "E-1", "name": "Ada Quill", "wages": "182000.00", "officer": True,
     "time": [{"component": "sparse-decoder", "share": "0.85"}]},
    {"id": "E-2", "name": "Bo Fernweh", "wages": "141500.50",
     "time": [{"component": "sparse-decoder", "share": "0.30"}, {"component": "codec", "share": "0.25"}]},
]  # fmt: skip


def study(status="draft", components=COMPONENTS, **tables):
    return Study.model_validate(
        {
            "study": {
                "status": status, "dated": date(2026, 2, 10), "prepared_by": "P. Reparer, Tindle Advisory",
                "firm": "Tindle Advisory, CPAs",
            },
            "taxpayer": {"name": NAME, "entity": "C corporation", "accounting_method": "accrual", "ein": "12-3456789",
                         "formed": date(2022, 1, 1)},
            "tax_years": [{"begin": date(y, 1, 1), "end": date(y, 12, 31)} for y in (2022, 2023, 2024, 2025)],
            "components": components,
            **tables,
        }
    )  # fmt: skip


def facts(components=COMPONENTS, people=PEOPLE, elections=None, prior="210000"):
    qre = {"wages": prior, "supplies": "none", "computer_rental": "none", "contract_research": "none"}
    years = [year(date(y, 12, 31), receipts={"base": "0", "s448c": "1500.25"}, qre=qre) for y in (2022, 2023, 2024)]
    document = {
        "taxpayer": {"name": NAME, "entity": "C corporation", "accounting_method": "accrual", "ein": "12-3456789",
                     "formed": date(2022, 1, 1)},
        "tax_years": [*years, year(date(2025, 12, 31))],
        "elections": {"reduced_credit": "no", **(elections or {})},
        "components": [{k: c[k] for k in ("id", "name", "kind") if k in c} for c in components],
        "people": people,
        "supplies": [{"description": "Boards", "component": "codec", "amount": "3120.40"}],
        "computer_rental": [
            {"description": "acct/EC2/sparse-decoder", "component": "sparse-decoder",
             "amount": "88412.37"},
            {"description": "acct/EC2/cluster", "component": "sparse-decoder", "amount": "45000"},
        ],
        "contracts": [{"description": "Jo Solo, order 1", "component": "codec",
                       "payee_kind": "general", "amount": "20000"}],
    }  # fmt: skip
    found = to_facts(FactsFile.model_validate(document), "facts.toml")
    own, held = found.computer_rental
    contract = replace(found.contracts[0], id="C-3")
    return replace(found, computer_rental=(own, replace(held, counts_in=View.POTENTIAL)), contracts=(contract,))


def part(amount, kind, name, *, component="", category=QreCategory.COMPUTER_RENTAL, subject="acct/EC2/x", rule="r.1",
         why="A rule decides it.", authority="IRC 41(d)", counts_in=None, source="cloud", currency="USD"):  # fmt: skip
    decided = Determination(Bucket(kind, name), counts_in, component, rule, why, authority,
                            (name,) if kind is BucketKind.HELD else ())  # fmt: skip
    return Part(source, RowRef(CLOUD, 1), "2025-03", currency, category, subject, Decimal(amount), decided)


def parts():
    q, e, h = BucketKind.QUALIFIED, BucketKind.EXCLUDED, BucketKind.HELD
    wages = QreCategory.WAGES
    return (
        part("88412.37", q, "sparse-decoder", component="sparse-decoder", subject="acct/EC2/sparse-decoder",
             counts_in=View.SUPPORTED),
        part("45000", h, "is the capacity exclusive", component="sparse-decoder", subject="acct/EC2/cluster",
             rule="tenancy.unknown", authority="Treas. Reg. 1.41-2(b)(4)", counts_in=View.POTENTIAL),
        part("1186.58", e, "tax on the bill", rule="charges.tax", subject="acct/Tax"),
        part("12004.11", h, "which component does this belong to", rule="component.none", subject="acct/S3/untagged",
             counts_in=View.POTENTIAL),
        part("182000.00", q, "sparse-decoder", component="sparse-decoder", category=wages, subject="person:E-1",
             source="payroll", counts_in=View.SUPPORTED, rule="time.recorded",
             why="Ada Quill recorded the hours herself."),
        part("77825.28", q, "codec", component="codec", category=wages, subject="person:E-2", source="payroll",
             counts_in=View.SUPPORTED, rule="time.recorded"),
        part("63675.22", e, "general and administrative work", category=wages, subject="person:E-2", source="payroll",
             rule="activity.ga"),
    )  # fmt: skip


FINDINGS = (
    Finding("wages.officer", "An officer's wages are claimed", "The record shows direct research [Moore].",
            Decimal("182000.00"), ("person:E-1",)),
    Finding("component.no_evaluation", "A component states no evaluation", "Ada Quill has not described one yet.",
            Decimal("77825.28"), ("component:codec",), blocks_final=True),
)  # fmt: skip
SOURCES = (
    SourceRead("cloud", "bill", "FOCUS 1.0", (CLOUD,), 23261, Decimal("146603.06"), "USD", "2025-01-01", "2025-12-31"),
    SourceRead("payroll", "payroll", "payroll register", (PAYROLL,), 812, Decimal("323500.50"), "USD",
               notes=("pay dates in two formats, month first",)),
)  # fmt: skip
TIE_OUTS = (
    TieOut("W-3 of 2025", Decimal("323500.50"), Decimal("323500.50"), "W-3"),
    TieOut("Invoice 2025-03", Decimal("41210.33"), Decimal("41210.30"), "invoice", must_tie=False),
)


def material(status="draft", *, components=COMPONENTS, people=PEOPLE, elections=None, prior="210000", **changes):
    found = facts(components, people, elections, prior)
    credit = compute_credit(found, law_for(found.credit_year.begin, found.credit_year.end))
    given = {
        "study": study(status, components), "credit": credit, "form": form_6765(credit), "figures": Evaluation(),
        "view": View.SUPPORTED, "views": tuple(View), "parts": parts(), "sources": SOURCES, "tie_outs": TIE_OUTS,
        "findings": FINDINGS, "digest": "a1b2" * 16,
    }  # fmt: skip
    return StudyMaterial(**{**given, **changes})


def main(path, status="draft"):
    """Writes the study and prints what the reviewer is told, for a look at it and for runs in other settings."""
    from pathlib import Path

    from rdcredit.render.narrative import write_study

    told = write_study(material(status), Path(path))
    sys.stdout.write(json.dumps([p.as_json() for p in told]))


if __name__ == "__main__":
    main(*sys.argv[1:])
