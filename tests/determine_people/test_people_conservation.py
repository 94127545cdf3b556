"""Conservation: parts sum to their rows, shares to their person, whatever the amounts."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from people_builders import component, hours, make_study, pay, payment, percent, person, supply, terms

from rdcredit.determine.apportion import apportion
from rdcredit.determine.contracts import determine_contracts
from rdcredit.determine.supplies import determine_supplies
from rdcredit.determine.wages import determine_wages
from rdcredit.ingest.records import PeopleInputs
from rdcredit.ledger.records import View
from rdcredit.money import split_by_largest_remainder

CENTS = st.integers(min_value=0, max_value=3_000_000).map(lambda n: Decimal(n).scaleb(-2))
SIGNED = st.integers(min_value=-3_000_000, max_value=3_000_000).map(lambda n: Decimal(n).scaleb(-2))
SHARES = st.lists(st.fractions(min_value=0, max_value=1, max_denominator=97), min_size=1, max_size=6).filter(any)
PROJECTS = ["atlas", "boreas", "sales", "nowhere", "leave"]
STUDY = make_study(
    [component(), component("boreas", meets_80_percent="not shown")],
    projects=[{"name": "sales", "activity": "marketing_sales"}, {"name": "leave", "activity": "leave"}],
)


def by_ref(parts):
    sums = {}
    for part in parts:
        sums[part.ref] = sums.get(part.ref, Decimal(0)) + part.amount
    return sums


@settings(deadline=None)
@given(st.lists(SIGNED, min_size=1, max_size=30), SHARES)
def test_rows_and_shares_both_come_out_exact(amounts, shares):
    made = apportion(amounts, shares)
    assert [sum(row) for row in made] == amounts
    year = split_by_largest_remainder(sum(amounts), shares, 2)
    assert tuple(sum(column) for column in zip(*made, strict=True)) == year


@settings(deadline=None)
@given(st.lists(CENTS, min_size=1, max_size=30), SHARES)
def test_positive_amounts_have_no_negative_part(amounts, shares):
    assert all(entry >= 0 for row in apportion(amounts, shares) for entry in row)


def test_cents_that_drift_over_26_pay_rows_are_put_right():
    # One by one, each 100.00 gives the first third 33.34: 26 cents a year would drift, 26 x 100 / 3 = 866.67.
    made = apportion([Decimal("100.00")] * 26, [Fraction(1, 3)] * 3)
    assert [sum(column) for column in zip(*made, strict=True)] == [
        Decimal("866.67"),
        Decimal("866.67"),
        Decimal("866.66"),
    ]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(SIGNED, st.integers(1, 12)), min_size=1, max_size=14),
    st.lists(st.tuples(st.sampled_from(PROJECTS), st.integers(1, 12), st.integers(0, 200)), max_size=12),
)
def test_wages_are_conserved_row_by_row_and_person_by_person(rows, time):
    pays = tuple(pay(str(amount), on=f"2025-{month:02d}-15") for amount, month in rows)
    worked = tuple(hours(str(n), p, f"2025-{m:02d}-01", f"2025-{m:02d}-28") for p, m, n in time)
    made = determine_wages(PeopleInputs(pay=pays, people=(person(),), time=worked), STUDY)
    assert by_ref(made.parts) == {r.ref: r.taxable for r in pays}
    (row,) = made.rows
    assert sum(s.fraction for s in row.shares) == 1
    assert sum(s.wages for s in row.shares) == row.wages == sum(r.taxable for r in pays)
    views = [row.qualified_share(v) for v in (View.SUPPORTED, View.EXPECTED, View.POTENTIAL)]
    assert views == sorted(views)
    qualified = sum(p.amount for p in made.parts if p.determination.counts_in == View.SUPPORTED)
    assert qualified == row.qualified_wages(View.SUPPORTED)


@settings(max_examples=50, deadline=None)
@given(st.lists(CENTS, min_size=1, max_size=14), st.lists(st.integers(0, 30), min_size=1, max_size=3))
def test_positive_pay_never_makes_a_negative_part(amounts, shares):
    pays = tuple(pay(str(a), on=f"2025-{1 + n % 12:02d}-15") for n, a in enumerate(amounts))
    worked = tuple(percent(str(s), p) for s, p in zip(shares, PROJECTS, strict=False))
    made = determine_wages(PeopleInputs(pay=pays, people=(person(),), time=worked), STUDY)
    assert all(p.amount >= 0 for p in made.parts)
    assert sum(p.amount for p in made.parts) == sum(amounts)


@settings(deadline=None)
@given(
    SIGNED,
    st.dates(STUDY.credit_year.begin.replace(year=2024), STUDY.credit_year.end),
    st.integers(0, 400),
    st.booleans(),
)
def test_payments_are_conserved_across_years_methods_and_success_fees(amount, begin, days, cash):
    study = make_study(method="cash" if cash else "accrual", taxpayer={"trade_or_business_began": "2025-02-10"})
    end = begin.fromordinal(begin.toordinal() + days)
    row = payment(str(amount), begin=begin.isoformat(), end=end.isoformat(), paid="2025-04-01")
    abstract = terms(signed="2024-11-05", success_contingent_share=Decimal("0.15"))
    made = determine_contracts(PeopleInputs(contracts=(abstract,), payments=(row,)), study)
    assert by_ref(made.parts) == {row.ref: amount}
    assert all((p.amount >= 0) == (amount >= 0) or not p.amount for p in made.parts)
    assert sum(r.totals.read for r in made.rows) == amount


@settings(deadline=None)
@given(
    SIGNED,
    st.dates(STUDY.credit_year.begin, STUDY.credit_year.end),
    st.integers(0, 300),
    st.integers(-60, 60),
    st.integers(-60, 60),
)
def test_nothing_is_lost_at_the_beginning_and_release_of_a_component(amount, begin, days, before, after):
    end = begin + timedelta(days=days)
    parts = component(
        began=(begin + timedelta(days=before)).isoformat(), released=(end + timedelta(days=after)).isoformat()
    )
    study = make_study([parts])
    work = {"begin": begin.isoformat(), "end": end.isoformat()}
    row, paid = payment(str(amount), **work), pay(str(amount), on=begin.isoformat())
    contracted = determine_contracts(PeopleInputs(contracts=(terms(signed="2024-11-05"),), payments=(row,)), study)
    assert by_ref(contracted.parts) == {row.ref: amount}
    inputs = PeopleInputs(
        pay=(paid,), people=(person(),), time=(hours("90", **work), percent("40", person_id="E2", **work))
    )
    made = determine_wages(inputs, study)
    assert by_ref(made.parts) == {paid.ref: amount}
    assert sum(s.fraction for s in made.rows[0].shares) == 1


@settings(deadline=None)
@given(SIGNED, st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_supplies_are_conserved_over_places(amount, here, abroad, unknown):
    people = (person(), person("E2", "Bo Lind", country="PL"), person("E3", "Cy Ode", country=""))
    time = tuple(hours(str(n), person_id=f"E{i}") for i, n in enumerate((here, abroad, unknown), start=1) if n)
    row = supply(str(amount))
    made = determine_supplies(PeopleInputs(people=people, time=time, supplies=(row,)), make_study())
    assert by_ref(made.parts) == {row.ref: amount}


def test_a_row_of_nothing_keeps_one_part():
    made = determine_wages(PeopleInputs(pay=(pay("0"),), people=(person(),), time=(hours("1"),)), STUDY)
    assert [p.amount for p in made.parts] == [0]


def test_amounts_with_more_decimals_than_cents_are_kept_exact():
    row = pay("100.005")
    made = determine_wages(PeopleInputs(pay=(row,), people=(person(),), time=(hours("1"), hours("2", "sales"))), STUDY)
    assert by_ref(made.parts) == {row.ref: Decimal("100.005")}
