"""Facts out of the short form of the worked examples."""

from datetime import date

from rdcredit.credit.compute import compute_credit
from rdcredit.law import law_for
from rdcredit.study.facts_file import FactsFile, to_facts

NO_QRE = {"wages": "none", "supplies": "none", "computer_rental": "none", "contract_research": "none"}


def year(end: date, begin: date | None = None, **keys):
    return {"begin": begin or date(end.year, 1, 1), "end": end, **keys}


def earlier_years(case) -> list[dict]:
    """The years before the credit year: QREs (as wages) and receipts, oldest first."""
    first = case.get("end", date(2025, 12, 31)).year
    qre, receipts = case.get("prior", []), case.get("receipts", [])
    count = max(len(qre), len(receipts))
    qre = ["none"] * (count - len(qre)) + list(qre)
    receipts = ["0"] * (count - len(receipts)) + list(receipts)
    overrides = {int(k): v for k, v in case.get("prior_years", {}).items()}
    found = []
    for i, (q, r) in enumerate(zip(qre, receipts, strict=True)):
        end = date(first - count + i, 12, 31)
        entry = year(end, receipts={"base": r, "s448c": r}, qre={**NO_QRE, "wages": q})
        entry.update(overrides.get(end.year, {}))
        found.append(entry)
    return found


def facts_of(case):
    begin, end = case.get("begin", date(2025, 1, 1)), case.get("end", date(2025, 12, 31))
    years = [*earlier_years(case), year(end, begin, fifty_two_week=case.get("fifty_two_week", False))]
    people = case.get("people") or (
        [{"id": "E-1", "wages": case["qre"], "time": [{"share": "1"}]}] if "qre" in case else []
    )
    document = {
        "taxpayer": {
            "name": "Worked Example, Inc.",
            "entity": "C corporation",
            "accounting_method": "accrual",
            "controlled_group": False,
            "formed": case.get("formed", years[0]["begin"]),
            **case.get("taxpayer", {}),
        },
        "tax_years": years,
        "elections": {"reduced_credit": "no", **case.get("elections", {})},
        "people": people,
        **{k: case[k] for k in ("components", "supplies", "computer_rental", "contracts", "other", "base_history",
                                "original_return") if k in case},
    }  # fmt: skip
    return to_facts(FactsFile.model_validate(document), "facts.toml")


def credit_of(case, **keys):
    facts = facts_of(case)
    return compute_credit(facts, law_for(facts.credit_year.deemed_begin, facts.credit_year.deemed_end), **keys)
