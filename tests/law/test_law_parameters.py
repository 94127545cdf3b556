"""The law as data: exact, dated, cited, and refused outside the range it was verified for."""

import tomllib
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

import rdcredit.law
from rdcredit.citation import Citation, Grade
from rdcredit.errors import Refused
from rdcredit.figure.expression import Leaf, Schedule, Unit
from rdcredit.figure.origin import FromLaw
from rdcredit.law import all_parameters, law_for
from rdcredit.law.law import known_number
from rdcredit.law.parameters import Basis, Dated, Parameter

PARAMETERS = list(all_parameters().values())
BY_ID = pytest.mark.parametrize("parameter", PARAMETERS, ids=[p.id for p in PARAMETERS])
DAY_BEFORE_ALL, DAY_AFTER_ALL = date(1900, 1, 1), date(2100, 1, 1)


def data_files():
    from pathlib import Path

    return sorted((Path(rdcredit.law.__file__).parent / "data").glob("*.toml"))


def test_every_entry_of_the_data_files_is_a_parameter():
    entries = {
        f"{section}.{name}"
        for path in data_files()
        for section, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name in table
    }
    assert set(all_parameters()) == entries
    assert len(entries) > 20


# -- exactness


@BY_ID
def test_numbers_are_exact_fractions_never_floats(parameter):
    values = [d.value for d in parameter.values] + [v for row in parameter.rows for _, v in row]
    assert values
    assert all(type(v) in {Fraction, bool, date} for v in values)


def test_a_decimal_of_the_file_is_read_to_its_last_digit():
    assert all_parameters()["asc.rate"].value_on(date(2025, 12, 31)) == Fraction(14, 100)
    assert Fraction(0.14) != Fraction(14, 100), "a float would not have been exact"
    fractions = dict(all_parameters()["regular.startup_table"].rows[0])
    assert fractions["fraction"] == Fraction(1, 6)


# -- what every parameter carries


@BY_ID
def test_a_parameter_has_a_title_a_citation_a_grade_and_a_unit(parameter):
    assert len(parameter.title) > 10
    assert parameter.title[0].isupper()
    assert not parameter.title.endswith(".")
    assert any(
        mark in parameter.citation.authority for mark in ("IRC", "Treas. Reg.", "Form", "Pub. L.", "IRS", "Rev. Proc.")
    )
    assert isinstance(parameter.citation.grade, Grade)
    assert parameter.unit in {"ratio", "count", "money", "yes/no", "date", "table"}
    assert isinstance(parameter.basis, Basis)


@BY_ID
def test_what_was_not_read_in_an_authority_names_the_source_consulted(parameter):
    if parameter.citation.grade in {Grade.SECONDARY, Grade.SINGLE, Grade.UNSETTLED}:
        assert parameter.citation.source


@BY_ID
def test_dated_values_cover_the_verified_range_without_gap_or_overlap(parameter):
    if parameter.rows:
        assert not parameter.values
        return
    first, last = parameter.verified
    assert first < last
    spans = sorted((d.begins, d.until or DAY_AFTER_ALL) for d in parameter.values)
    assert spans[0][0] <= first
    assert spans[-1][1] >= last
    for (_, ends), (begins, _) in pairwise(spans):
        assert begins.toordinal() == ends.toordinal() + 1


# -- effective dates, in pairs


@pytest.mark.parametrize(
    ("name", "basis", "day", "value"),
    [
        ("reduced_credit.tax_rate", Basis.TAX_YEAR_BEGINS, date(2017, 12, 31), "0.35"),
        ("reduced_credit.tax_rate", Basis.TAX_YEAR_BEGINS, date(2018, 1, 1), "0.21"),
        ("asc.rate", Basis.TAX_YEAR_ENDS, date(2008, 12, 31), "0.12"),
        ("asc.rate", Basis.TAX_YEAR_ENDS, date(2009, 1, 1), "0.14"),
    ],
)
def test_a_rate_changes_on_its_day(name, basis, day, value):
    parameter = all_parameters()[name]
    assert parameter.basis is basis
    assert parameter.value_on(day) == Fraction(value)


@pytest.mark.parametrize(("day", "mandatory"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)])
def test_section_g_becomes_mandatory_for_years_that_begin_in_2026(day, mandatory):
    assert all_parameters()["section_g.mandatory"].value_on(day) is mandatory


def test_a_fiscal_year_takes_each_parameter_by_its_own_date():
    """A year from July 2025 to June 2026 begins before Section G is mandatory."""
    law = law_for(date(2025, 7, 1), date(2026, 6, 30))
    assert law.section_g.mandatory.value.value is False
    later = law_for(date(2026, 1, 1), date(2026, 12, 31))
    assert later.section_g.mandatory.value.value is True


def test_the_year_end_decides_where_the_basis_is_the_end_of_the_year():
    """The years 2024-2026 are verified for all parameters; the reader's choice of date is tested on its own."""
    from rdcredit.law.law import _Reader

    straddling = _Reader(date(2008, 7, 1), date(2009, 6, 30))
    assert known_number(straddling.number("asc.rate")) == Fraction("0.14")
    assert known_number(straddling.number("reduced_credit.tax_rate")) == Fraction("0.35")
    straddling = _Reader(date(2017, 7, 1), date(2018, 6, 30))
    assert known_number(straddling.number("reduced_credit.tax_rate")) == Fraction("0.35")


# -- the verified range


@BY_ID
@pytest.mark.parametrize("on", [DAY_BEFORE_ALL, DAY_AFTER_ALL])
def test_a_day_outside_the_verified_range_is_refused_naming_parameter_and_range(parameter, on):
    with pytest.raises(Refused) as refused:
        parameter.value_on(on)
    (problem,) = refused.value.problems
    assert problem.code == "E235"
    assert parameter.id in problem.what
    assert str(parameter.citation) in problem.what
    assert on.isoformat() in problem.what
    first, last = parameter.verified
    assert f"{first}" in problem.fix
    assert f"{last}" in problem.fix


@BY_ID
def test_the_first_and_last_day_of_the_range_are_inside_it(parameter):
    for day in parameter.verified:
        parameter.check(day)
        if parameter.values:
            parameter.value_on(day)


def test_a_gap_between_values_is_refused_not_bridged():
    parameter = Parameter(
        id="test.rate",
        title="A rate with a hole",
        unit="ratio",
        basis=Basis.TAX_YEAR_BEGINS,
        citation=Citation("IRC 41"),
        verified=(date(2020, 1, 1), date(2022, 12, 31)),
        values=(
            Dated(date(2020, 1, 1), date(2020, 12, 31), Fraction(1)),
            Dated(date(2022, 1, 1), None, Fraction(2)),
        ),
    )
    assert parameter.value_on(date(2020, 12, 31)) == 1
    assert parameter.value_on(date(2022, 1, 1)) == 2
    with pytest.raises(Refused, match="E235"):
        parameter.value_on(date(2021, 6, 30))


@pytest.mark.parametrize("year", [1993, 2027])
def test_the_law_of_an_unverified_year_is_refused(year):
    with pytest.raises(Refused) as refused:
        law_for(date(year, 1, 1), date(year, 12, 31))
    assert {p.code for p in refused.value.problems} == {"E235"}


# -- the law as leaves


def test_the_law_of_a_year_is_made_of_leaves_that_name_their_authority():
    law = law_for(date(2025, 1, 1), date(2025, 12, 31))
    found = [
        getattr(part, name)
        for part in (law.regular, law.asc, law.payments, law.reduced_credit, law.wages, law.contract, law.section_g)
        for name in type(part).__slots__
    ]
    assert len(found) > 20
    for leaf in found:
        assert isinstance(leaf, Leaf)
        assert isinstance(leaf.origin, FromLaw)
        assert leaf.origin.parameter in all_parameters()
        assert leaf.id == f"law.{leaf.origin.parameter}"


def test_the_startup_table_is_that_of_the_statute():
    law = law_for(date(2025, 1, 1), date(2025, 12, 31))
    table = law.startup
    assert isinstance(table.schedule, Schedule)
    rows = [tuple(known_number(row.cells[c.id]) for c in table.schedule.columns) for row in table.schedule.rows]
    assert rows == [
        (6, 4, 5, Fraction(1, 6)),
        (7, 5, 6, Fraction(1, 3)),
        (8, 5, 7, Fraction(1, 2)),
        (9, 5, 8, Fraction(2, 3)),
        (10, 5, 9, Fraction(5, 6)),
        (11, 5, 10, 1),
    ]
    assert table.years_of_choice() == (11, 5, 10)


def test_the_figures_of_the_statute_for_2025():
    law = law_for(date(2025, 1, 1), date(2025, 12, 31))
    read = {
        "regular rate": law.regular.rate,
        "minimum base": law.regular.minimum_base_share,
        "cap": law.regular.fixed_base_cap,
        "ASC": law.asc.rate,
        "ASC special": law.asc.special_rate,
        "reduced by": law.reduced_credit.tax_rate,
        "substantially all": law.wages.substantially_all,
        "contracts": law.contract.general,
        "consortia": law.contract.consortium,
        "energy": law.contract.energy,
    }
    assert {name: known_number(leaf) for name, leaf in read.items()} == {
        "regular rate": Fraction("0.2"), "minimum base": Fraction("0.5"), "cap": Fraction("0.16"),
        "ASC": Fraction("0.14"), "ASC special": Fraction("0.06"), "reduced by": Fraction("0.21"),
        "substantially all": Fraction("0.8"), "contracts": Fraction("0.65"), "consortia": Fraction("0.75"),
        "energy": Fraction(1),
    }  # fmt: skip
    assert all(leaf.unit is Unit.RATIO for leaf in read.values())


def test_a_leaf_of_the_law_without_a_value_is_an_error():
    from support.graphs import unknown

    with pytest.raises(TypeError, match="has no value"):
        known_number(unknown())
