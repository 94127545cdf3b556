"""Small FOCUS exports, written by the tests themselves, and one engine for all of them."""

import csv
import io
from datetime import date

import pytest

from rdcredit.engine import duck
from rdcredit.errors import Refused
from rdcredit.ingest import rolling
from rdcredit.ingest.canonical import Reading
from rdcredit.ingest.files import InputFile

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
ROW = {
    "BilledCost": "1.50",
    "EffectiveCost": "1.25",
    "BillingCurrency": "USD",
    "BillingAccountId": "000000000042",
    "SubAccountId": "001234567890",
    "ChargeCategory": "Usage",
    "ChargeClass": "",
    "ChargeFrequency": "Usage-Based",
    "ChargePeriodStart": "2025-03-01T00:00:00Z",
    "ChargePeriodEnd": "2025-03-02T00:00:00Z",
    "BillingPeriodStart": "2025-03-01T00:00:00Z",
    "ServiceCategory": "Compute",
    "ServiceName": "Virtual Machines",
    "ProviderName": "Nimbus",
    "PublisherName": "Nimbus",
    "InvoiceIssuerName": "Nimbus Billing",
    "RegionId": "us-east-1",
    "ResourceId": "vm-1",
    "CommitmentDiscountId": "",
    "CommitmentDiscountStatus": "",
    "PricingCategory": "Standard",
    "InvoiceId": "INV-1",
    "SkuMeter": "vm-hours",
    "Tags": '{"project": "decoder"}',
}


class Export:
    """A billing export under construction: rows are the usual row with some cells changed."""

    def __init__(self, *changes, columns=tuple(ROW)):
        self.columns = columns
        self.rows = [ROW | change for change in changes]

    def cells(self):
        return [[row[name] for name in self.columns] for row in self.rows]

    def text(self, line_end="\n"):
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator=line_end)
        writer.writerow(self.columns)
        writer.writerows(self.cells())
        return stream.getvalue()

    def bytes(self, line_end="\n"):
        return self.text(line_end).encode()


@pytest.fixture(scope="session")
def export():
    return Export


@pytest.fixture(scope="session")
def usual_row():
    return ROW


@pytest.fixture(scope="session")
def year():
    return YEAR


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    return duck.session(tmp_path_factory.mktemp("scratch"), "500MiB", threads=2)


@pytest.fixture(scope="session")
def roll(engine):
    """Roll files up in this process, which is quicker than starting one; returns a Rolled."""

    def rolled(*paths, year=YEAR, stated=None, place="inputs/bill", **reading):
        inputs = [(InputFile(path, f"inputs/{path.name}"), f"digest of {path.name}") for path in paths]
        return rolling.roll(engine, place, inputs, Reading(*year, **reading), stated or {}, lambda _: None)

    return rolled


@pytest.fixture(scope="session")
def refusal(roll):
    """The problems for which files are refused."""

    def problems(*paths, **how):
        with pytest.raises(Refused) as refused:
            roll(*paths, **how)
        return refused.value.problems

    return problems


@pytest.fixture
def codes():
    return lambda problems: sorted({problem.code for problem in problems})
