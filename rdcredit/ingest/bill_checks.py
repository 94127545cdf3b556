"""What the rows of a bill show once they are grouped: faults that refuse a file, and rows that are held.

``groups`` is everywhere the table of file, trouble, clock and key that the engine rolled up;
``sound`` is the part of it without trouble.

Loads pyarrow when imported; imported lazily, inside the reading child process.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from rdcredit.engine.moments import FIRST_YEAR, LAST_YEAR, Style
from rdcredit.errors import Problem, shown
from rdcredit.ingest.canonical import CLOCK, FILE, TOTAL, TROUBLE
from rdcredit.ingest.records import BILL_SUMS
from rdcredit.money import money_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdcredit.engine.tags import TagsReport
    from rdcredit.ingest.format import Format
    from rdcredit.ingest.records import HeldRow

_CURRENCY = re.compile(r"[A-Z]{3}")
_DAMAGED_ID = re.compile(r"\d([.,]\d+)?[eE]\+\d{2}")
_DECIMAL_COMMA = re.compile(r"[+-]?[\d.]*\d,\d+")
_HIDDEN = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LIKE_LATIN = ("CYRILLIC", "GREEK")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Subtotal:
    """Rows and sums of several groups together."""

    file: int
    name: str
    rows: int
    billed: Decimal | None
    effective: Decimal | None


def subtotals(groups: pa.Table, column: str = FILE) -> list[Subtotal]:
    """Rows and sums by file and ``column``, sorted."""
    key = sorted({FILE, column})
    table = groups.group_by(key).aggregate([("rows", "sum"), ("billed", "sum"), ("effective", "sum")])
    table = table.sort_by([(name, "ascending") for name in key])
    return [
        Subtotal(found[FILE], str(found[column]), found["rows_sum"], found["billed_sum"], found["effective_sum"])
        for found in table.to_pylist()
    ]


def _money(value: Decimal | None) -> str:
    return "no amount" if value is None else money_text(value)


def _total(each: Sequence[Subtotal]) -> str:
    amounts = [amount for s in each if (amount := s.effective if s.billed is None else s.billed) is not None]
    return _money(sum(amounts, Decimal(0)) if amounts else None)


def currencies(sound: pa.Table, place: str) -> list[Problem]:
    """E232: more than one currency, none, or something that is no ISO code."""
    names = sorted(pc.unique(sound["currency"]).to_pylist())
    if len(names) == 1 and _CURRENCY.fullmatch(names[0]):
        return []
    found = {name: [s for s in subtotals(sound, "currency") if s.name == name] for name in names}
    listed = ", ".join(
        f"{shown(name) if name else 'blank'} ({sum(s.rows for s in each):,} rows, {_total(each)})"
        for name, each in found.items()
    )
    return [
        Problem(
            "E232",
            place,
            f"the bill does not have one currency: {listed}",
            "Amounts in different currencies cannot be added, and no exchange rate is guessed.",
            "List each currency's export as an input of its own; where the column is blank, "
            'state currency = "USD" for this input in study.toml.',
        )
    ]


def categories(sound: pa.Table, fmt: Format, places: Sequence[str]) -> list[Problem]:
    """E233: a charge category the format does not know."""
    problems = []
    for found in subtotals(sound, "charge_category"):
        if found.name in fmt.categories:
            continue
        problems.append(
            Problem(
                "E233",
                f"{places[found.file]} column {fmt.category}",
                f"unknown charge category {shown(found.name)} in {found.rows:,} rows, {_total([found])}",
                "Whether such a charge is use, a purchase, tax or a credit decides whether it can count.",
                f"Correct the export; the categories are {', '.join(fmt.categories)}.",
            )
        )
    return problems


def clocks(groups: pa.Table, fmt: Format, places: Sequence[str]) -> list[Problem]:
    """E351: dates in an unknown order, or times with and without a zone in one column."""
    problems = []
    seen: dict[tuple[int, str], set[str]] = {}
    for found in subtotals(groups, CLOCK):
        for column, style in zip((fmt.start, fmt.end, fmt.billing_start), found.name.split(","), strict=True):
            seen.setdefault((found.file, column), set()).add(style)
    for (file, column), styles_seen in sorted(seen.items()):
        place = f"{places[file]} column {column}"
        if Style.AMBIGUOUS in styles_seen:
            problems.append(
                Problem(
                    "E351",
                    place,
                    "dates are written like 01/02/2025, which has two readings",
                    "Guessing the order would move charges to other months and years.",
                    'State date_format = "month-first" or "day-first" for this input in study.toml.',
                )
            )
        if {Style.NAIVE, Style.ZONED} <= styles_seen:
            problems.append(
                Problem(
                    "E351",
                    place,
                    "some times have a zone and some have none",
                    "It cannot be told which clock the others follow, and hours at the end of the year would move.",
                    "Export again with all times in UTC.",
                )
            )
    return problems


def identifiers(groups: pa.Table, place: str) -> list[Problem]:
    """E355: ids such as 1.23457E+18, which a spreadsheet has cut."""
    problems = []
    for column in ("account", "invoice_id", "commitment_id"):
        damaged = sorted(v for v in pc.unique(groups[column]).to_pylist() if v and _DAMAGED_ID.fullmatch(v))
        if damaged:
            problems.append(
                Problem(
                    "E355",
                    place,
                    f"{len(damaged):,} ids in {column} were damaged by a spreadsheet, first {shown(damaged[0])}",
                    "Different accounts or invoices have become one, and cannot be told apart any more.",
                    "Download the export again and do not save it from a spreadsheet program.",
                )
            )
    return problems


def totals(groups: pa.Table, sound: pa.Table, places: Sequence[str]) -> tuple[list[Problem], dict[int, str]]:
    """Total rows as control: E703 where one does not agree with its file; else a note by file."""
    problems: list[Problem] = []
    notes: dict[int, str] = {}
    sums = {found.file: found for found in subtotals(sound)}
    for found in subtotals(groups.filter(pc.equal(groups[TROUBLE], TOTAL))):
        whole = sums.get(found.file)
        pairs = [
            (name, getattr(found, name), getattr(whole, name, None))
            for name in BILL_SUMS
            if getattr(found, name) is not None
        ]
        if found.rows == 1 and pairs and all(stated == read for _, stated, read in pairs):
            notes[found.file] = "a total row was used as control, agrees, and was not added"
            continue
        stated = ", ".join(f"{name} {_money(value)}" for name, value, _ in pairs) or "no amount"
        read = ", ".join(f"{name} {_money(value)}" for name, _, value in pairs) or "an amount"
        problems.append(
            Problem(
                "E703",
                places[found.file],
                f"{found.rows:,} total rows say {stated}; the other rows add up to {read}",
                "Either rows are missing, or subtotals would be counted beside what they sum.",
                "Export the bill without total rows, or complete it.",
            )
        )
    return problems, notes


def counts(read: Mapping[int, int], counted: Sequence[int], places: Sequence[str]) -> list[Problem]:
    """E702: the engine found another number of records than the bytes hold."""
    return [
        Problem(
            "E702",
            place,
            f"{read.get(file, 0):,} rows were read, but the file holds {counted[file]:,}",
            "Rows that are lost or doubled in reading change the bill.",
            "Export the file again; if it happens again, report it with the file's first and last lines.",
        )
        for file, place in enumerate(places)
        if read.get(file, 0) != counted[file]
    ]


def held_columns(held: Sequence[HeldRow], rows: Mapping[str, int]) -> list[Problem]:
    """Held rows by file and column: as questions, or as a refusal where a whole column cannot be read."""
    by_column: dict[tuple[str, str], list[HeldRow]] = {}
    for row in held:
        by_column.setdefault((row.file.path, row.column), []).append(row)
    return [
        _whole_column(place, column, found) if len(found) == rows.get(place) else _some(place, column, found)
        for (place, column), found in sorted(by_column.items())
    ]


def _whole_column(place: str, column: str, found: Sequence[HeldRow]) -> Problem:
    texts = {row.text.strip() for row in found}
    where = f"{place} column {column}"
    if "Cost" in column and texts <= {"", "NULL", "null"}:
        return Problem(
            "E236",
            where,
            "the cost column is empty throughout",
            "A bill without amounts is not a bill of zero.",
            "Export again with this column filled.",
        )
    if all(_DECIMAL_COMMA.fullmatch(text) for text in texts):
        return Problem(
            "E115",
            where,
            f"amounts are written with a decimal comma, first {shown(found[0].text)}",
            "1,234 would change its meaning by a thousand.",
            "Export again with a point as decimal sign.",
        )
    return _some(place, column, found)


def _some(place: str, column: str, found: Sequence[HeldRow]) -> Problem:
    first = found[0]
    is_date = "Period" in column
    readable = f"a date of the years {FIRST_YEAR} to {LAST_YEAR}" if is_date else "an amount"
    return Problem(
        "E351" if is_date else "E214",
        f"{place} row {first.record:,}, column {column}",
        f"cannot read {shown(first.text)} as {readable}"
        + (f"; {len(found):,} rows of this column are held" if len(found) > 1 else "; the row is held"),
        "A guess could change the credit, and leaving the row out would lose its dollars.",
        "Correct the export, or answer the question about these rows.",
        held=True,
    )


def unread_tags(report: TagsReport, place: str) -> list[Problem]:
    """E357: tag cells that are no JSON, or name one key twice."""
    why = "Such rows cannot be matched to a business component by these tags."
    fix = "Correct the export, or decide about these rows by account and service."
    problems = []
    if report.unread_rows:
        what = f"{report.unread_rows:,} rows have tags that are not JSON, such as {shown(report.unread_example)}"
        problems.append(Problem("E357", place, what, why, fix, held=True))
    if report.repeated_rows:
        keys = ", ".join(shown(key) for key in sorted(report.repeated_keys)[:_EXAMPLES])
        what = f"{report.repeated_rows:,} rows give a tag twice with different values: {keys}"
        problems.append(Problem("E357", place, what, why, fix, held=True))
    return problems


def strange_text(values: Mapping[str, Sequence[str]], place: str) -> list[Problem]:
    """E356: names and tags that hide characters or mix look-alike scripts, by column."""
    problems = []
    for column, texts in values.items():
        strange = sorted(text for text in texts if is_strange(text))
        if strange:
            examples = ", ".join(ascii(text) for text in strange[:_EXAMPLES])
            problems.append(
                Problem(
                    "E356",
                    f"{place} column {column}",
                    f"{len(strange):,} values hide characters or mix scripts: {examples}",
                    "A name that only looks like another one would be put with the wrong workload.",
                    "Compare these values with the tags meant; they are kept as they stand.",
                    held=True,
                )
            )
    return problems


def is_strange(text: str) -> bool:
    """Whether ``text`` has invisible or direction-changing signs, or words of Latin and look-alike letters mixed."""
    if text.isascii():
        return False
    if _HIDDEN & set(text):
        return True
    words = re.findall(r"[^\W\d_]+", text)
    return any(any(c.isascii() for c in word) and any(_looks_latin(c) for c in word) for word in words)


def _looks_latin(letter: str) -> bool:
    return not letter.isascii() and unicodedata.name(letter, "").startswith(_LIKE_LATIN)


def variants(values: Sequence[str], show: Callable[[str], str] = shown) -> list[str]:
    """Values that differ only in case, blanks or composition, joined for the import report; kept apart in the data."""
    by_form: dict[str, set[str]] = {}
    for value in values:
        form = "".join(c for c in unicodedata.normalize("NFKC", value).casefold() if c not in _HIDDEN)
        by_form.setdefault(" ".join(form.split()), set()).add(value)
    return [" and ".join(show(v) for v in sorted(same)) for _, same in sorted(by_form.items()) if len(same) > 1]


def too_many_held(place: str, count: int) -> Problem:
    """E214 for a bill as a whole."""
    return Problem(
        "E214",
        place,
        f"{count:,} rows have an amount or a date that cannot be read",
        "So many unreadable rows mean that the export is damaged or of another kind.",
        "Export again, and look at the first rows with a text editor.",
    )


def identical_rows(groups: pa.Table, place: str) -> list[Problem]:
    """E344: rows that agree in every column with another row; asked about, never dropped."""
    count = pc.sum(groups["identical_rows"]).as_py() or 0
    if not count:
        return []
    amounts = ", ".join(
        f"{name} {money_text(amount)}"
        for name in BILL_SUMS
        if (amount := pc.sum(groups[f"identical_{name}"]).as_py()) is not None
    )
    return [
        Problem(
            "E344",
            place,
            f"{count:,} rows repeat another row in every column ({amounts})",
            "They may be separate charges of equal amount, or the same charges exported twice.",
            "State under [[identical_rows]] that they are separate charges, or export again.",
            held=True,
        )
    ]


def out_of_range(place: str, record: int, column: str, text: str) -> Problem:
    """E227: a number no bill can hold."""
    return Problem(
        "E227",
        f"{place} row {record:,}, column {column}",
        f"the amount {shown(text)} is out of range",
        "Such a number is damaged or hostile, and one of them outweighs the whole bill.",
        "Correct the export.",
    )
