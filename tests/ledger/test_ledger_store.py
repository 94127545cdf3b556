from decimal import Decimal

import pytest

from rdcredit.ledger.records import Bucket, BucketKind, Determination, Part, QreCategory, View
from rdcredit.ledger.store import read_ledger, write_ledger
from rdcredit.source import FileRef, GroupRef, RowRef

FILE = FileRef("inputs/bill.csv", "a" * 64)


def part(amount="1.5", *, ref=None, kind=BucketKind.HELD, view=View.POTENTIAL, **changes):
    determination = Determination(
        Bucket(kind, "tenancy: unknown"), view, "atlas", "tenancy.unknown", "Nobody knows.", "Reg. 1.41-2(b)(4)",
        ("tenancy: unknown", "is the work qualified research"), ("place: passes by place.united-states",),
    )  # fmt: skip
    fields = {
        "source": "cloud",
        "ref": ref or GroupRef((FILE,), (("period", "2025-03"), ("tags", '{"a": "ü"}')), 3, Decimal("1.5")),
        "period": "2025-03",
        "currency": "USD",
        "category": QreCategory.COMPUTER_RENTAL,
        "subject": "account | Compute | (untagged)",
        "amount": Decimal(amount),
        "determination": determination,
    }
    return Part(**fields | changes)


def test_a_ledger_is_read_back_as_it_was_written(tmp_path):
    parts = (
        part("0.000000000001", kind=BucketKind.EXCLUDED, view=None, note="credit spread by same account"),
        part("-12345678901234.123456789012", kind=BucketKind.QUALIFIED, view=View.SUPPORTED, tags='{"k": "=1+1"}'),
        part("12.34", ref=RowRef(FILE, 17, "Register"), category=QreCategory.WAGES),
    )
    write_ledger(parts, tmp_path / "ledger.parquet")
    assert set(read_ledger(tmp_path / "ledger.parquet")) == set(parts)


def test_the_same_parts_in_any_order_make_the_same_bytes(tmp_path):
    parts = [part(str(i), period=f"2025-{i % 12 + 1:02d}", subject=f"s{i % 3}") for i in range(40)]
    write_ledger(parts, tmp_path / "one.parquet")
    write_ledger([*parts[1::2], *parts[::2]], tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_an_empty_ledger_can_be_written_and_read(tmp_path):
    write_ledger((), tmp_path / "ledger.parquet")
    assert read_ledger(tmp_path / "ledger.parquet") == ()


def test_digits_beyond_the_scale_are_refused_rather_than_rounded(tmp_path):
    with pytest.raises(ValueError, match="decimals"):
        write_ledger([part("0.0000000000001")], tmp_path / "ledger.parquet")
