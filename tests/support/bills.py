"""Small rolled-up bills and studies, written out where a test needs them."""

from __future__ import annotations

import json
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from rdcredit.ingest.records import BILL_KEYS, FileCount, RolledBill
from rdcredit.source import FileRef
from rdcredit.study.config import Study

AMOUNT = pd.ArrowDtype(pa.decimal128(38, 12))

DEFAULTS = {
    "period": "2025-03",
    "year_position": "in",
    "spans_to": "",
    "billing_month": "",
    "invoice_id": "",
    "provider": "AWS",
    "publisher": "Amazon Web Services, Inc.",
    "issuer": "Amazon Web Services, Inc.",
    "account": "111122223333",
    "service_family": "Compute",
    "service": "Amazon Elastic Compute Cloud",
    "usage_type": "USW2-BoxUsage:p4d.24xlarge",
    "region": "us-west-2",
    "charge_category": "Usage",
    "charge_class": "",
    "charge_frequency": "Usage-Based",
    "pricing_category": "Standard",
    "commitment_id": "",
    "commitment_status": "",
    "currency": "USD",
    "tags": {},
}


def group(amount="100", *, billed=None, effective=None, rows=1, **key):
    """One group of a bill: both cost columns hold ``amount`` unless given apart."""
    values = DEFAULTS | key
    values["billing_month"] = values["billing_month"] or values["period"]
    values["tags"] = json.dumps(values["tags"], sort_keys=True, ensure_ascii=False)
    return values | {
        "billed": None if billed == "absent" else Decimal(amount if billed is None else billed),
        "effective": None if effective == "absent" else Decimal(amount if effective is None else effective),
        "rows": rows,
        "first_record": 0,
        "last_record": 0,
        "identical_rows": 0,
    }


def credit(amount, **key):
    """A credit row as providers write them: negative and without tags."""
    return group(amount, **({"charge_category": "Credit", "usage_type": "", "region": ""} | key))


def bill(*groups, input_id="cloud", held=()):
    """A rolled-up bill of these groups, all from one file."""
    frame = pd.DataFrame(list(groups), columns=[*BILL_KEYS, "billed", "effective", *_COUNTS])
    frame = frame.astype({"billed": AMOUNT, "effective": AMOUNT} | dict.fromkeys(_COUNTS, "int64"))
    read = sum(g["rows"] for g in groups) + len(held)
    files = (FileCount(FileRef("inputs/bill.csv", "d" * 64), read, read, Decimal(0)),)
    return RolledBill(input_id, "focus", "columns of FOCUS 1.0", files, frame, held, None, None)


_COUNTS = ("rows", "first_record", "last_record", "identical_rows")

SPARSE = {
    "id": "sparse-decoder",
    "name": "Sparse decoding engine",
    "kind": "software",
    "use": "not internal",
    "funded": False,
    "meets_80_percent": "yes",
    "meets_80_percent_source": "time records",
    "select": [{"project": "sparse-decoder"}],
}


def study(*, method="accrual", components=(SPARSE,), inputs=None, year=2025, **tables):
    """A study of the calendar year with one input, ``cloud``."""
    given = {
        "study": {"status": "draft", "dated": f"{year + 1}-02-10"},
        "taxpayer": {"name": "Tensorworks", "entity": "C corporation", "accounting_method": method},
        "tax_years": [{"begin": f"{year}-01-01", "end": f"{year}-12-31"}],
        "components": list(components),
        "inputs": inputs if inputs is not None else [{"role": "bill", "path": "inputs/bill.csv", "id": "cloud"}],
    }
    return Study.model_validate(given | tables)


def component(**changes):
    """The sample component with changes."""
    return SPARSE | changes


RESEARCH = {"project": "sparse-decoder", "workload": "ablation-7"}
"""Tags that place usage in the sample component and name an experiment."""
DEVELOPMENT = {"project": "sparse-decoder", "environment": "dev"}
