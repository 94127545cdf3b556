"""The generator's parts: draws that never move, money that is divided without loss, containers that repeat."""

import gzip
import hashlib
import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

SAMPLES = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(autouse=True)
def generator_on_the_path(monkeypatch):
    monkeypatch.syspath_prepend(str(SAMPLES))


def test_a_draw_is_a_hash_of_its_name():
    from generator.chance import Chance

    expected = int.from_bytes(hashlib.sha256(b"seed\x1fa\x1f3").digest(), "big")
    assert Chance("seed").number("a", 3) == expected
    assert Chance("other").number("a", 3) != expected


def test_weighted_draws_follow_their_weights():
    from generator.chance import Chance

    drawn = Counter(Chance("seed").weighted((("often", 90), ("rarely", 10)), n) for n in range(2000))
    assert 1740 < drawn["often"] < 1860


def test_a_total_is_divided_without_loss():
    from generator.charges import apportion

    parts = apportion(Decimal("100.00"), [1, 1, 1], Decimal("0.01"))
    assert parts == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_the_calendar_crosses_the_year():
    from generator.days import days_of, last_working_day, next_month, on_or_before_working

    assert next_month(date(2025, 12, 1)) == date(2026, 1, 1)
    assert len(days_of(date(2024, 2, 1))) == 29
    assert last_working_day(date(2025, 8, 1)) == date(2025, 8, 29)
    assert on_or_before_working(date(2025, 6, 15)) == date(2025, 6, 13)


def test_a_packed_file_has_no_time_and_unpacks_to_itself():
    from generator.files import gzipped

    text = b"a,b\n" * 1000
    assert gzip.decompress(gzipped(text)) == text
    assert gzipped(text)[4:8] == b"\0\0\0\0"


def test_a_workbook_made_twice_is_the_same():
    from generator.files import workbook

    def made():
        book = openpyxl.Workbook()
        book.active.append(["E-001", Decimal("1.10"), date(2025, 1, 15)])
        return workbook(book)

    first = made()
    assert first == made()
    assert openpyxl.load_workbook(io.BytesIO(first)).active["A1"].value == "E-001"


def test_a_text_with_an_open_place_is_refused():
    from generator.quillfern.sample import filled

    assert filled("<<a>> and <<b>>", {"a": "1", "b": "2"}) == "1 and 2"
    with pytest.raises(ValueError, match="nothing fills <<b>>"):
        filled("<<a>> and <<b>>", {"a": "1"})
    with pytest.raises(ValueError, match="no place for c"):
        filled("<<a>>", {"a": "1", "c": "3"})


def test_an_invoice_that_is_not_whole_cents_is_refused():
    from generator.quillfern.sample import _whole_cents

    assert _whole_cents(Decimal("1.2000000000")) == Decimal("1.20")
    with pytest.raises(ValueError, match="not whole cents"):
        _whole_cents(Decimal("1.205"))
