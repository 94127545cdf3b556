"""Contract research: kinds, terms, trade or business, place and timing."""

from decimal import Decimal

import pytest
from people_builders import buckets, component, make_study, pay, payment, person, questions, terms

from rdcredit.determine.contracts import determine_contracts
from rdcredit.determine.gates import Gate, Opinion, Standing, Verdict
from rdcredit.ingest.records import PeopleInputs
from rdcredit.ledger.records import View


def contracts(*payments, study=None, abstract=None, **more):
    abstracts = (terms(),) if abstract is None else abstract
    return determine_contracts(PeopleInputs(payments=payments, contracts=abstracts, **more), study or make_study())


def test_a_payment_that_passes_every_gate_is_qualified_in_full():
    made = contracts(payment("1000"))
    assert buckets(made.parts) == {"qualified:atlas": "1,000.00"}
    (row,) = made.rows
    assert (row.subject, row.payee_kind, row.component) == ("contract:C-1", "general", "atlas")
    assert row.totals.qualified == 1000
    for fact in ("signed on 2024-12-01", "carried on since 2020-01-01", "performed in the taxable year"):
        assert fact in made.parts[0].determination.why


def test_the_payee_kind_is_carried_and_nothing_is_reduced_here():
    made = contracts(payment("1000"), abstract=(terms(payee_kind="consortium"),))
    assert (made.rows[0].payee_kind, made.rows[0].totals.qualified) == ("consortium", 1000)


# --- what the payment is for


@pytest.mark.parametrize(
    ("kind", "bucket"),
    [
        ("services", "qualified:atlas"),
        ("Expenses", "excluded:reimbursed expenses"),
        ("platform fee", "excluded:platform fee"),
        ("tax", "excluded:tax on the invoice"),
        ("retainer?", "held:what is this payment for"),
    ],
)
def test_only_services_are_research(kind, bucket):
    assert buckets(contracts(payment("10", kind=kind)).parts) == {bucket: "10.00"}


def test_another_currency_is_held_outside_every_view():
    made = contracts(payment("10", currency="EUR"))
    assert buckets(made.parts) == {"held:what is the amount in US dollars": "10.00"}
    assert made.parts[0].determination.counts_in is None


# --- terms


@pytest.mark.parametrize(
    ("known", "bucket"),
    [
        ({"paid_regardless_of_success": None}, "held:contract not read"),
        ({"rights_to_results": None}, "held:contract not read"),
        ({"signed": None}, "held:contract not read"),
        ({"rights_to_results": False}, "excluded:no right to the results"),
        ({"paid_regardless_of_success": False}, "excluded:owed only if the research succeeds"),
        ({"related_party": True}, "held:related party"),
    ],
)
def test_the_contract_decides_and_an_unread_term_holds(known, bucket):
    assert buckets(contracts(payment("10"), abstract=(terms(**known),)).parts) == {bucket: "10.00"}


def test_a_contract_said_to_depend_on_success_but_with_no_share_doing_so_is_not_read():
    abstract = terms(paid_regardless_of_success=False, success_contingent_share=Decimal(0))
    assert questions(contracts(payment("10"), abstract=(abstract,)).parts) == {"contract not read"}


@pytest.mark.parametrize("named", ["", "C-9"])
def test_a_payment_without_a_known_contract_is_held(named):
    made = contracts(payment("10", contract=named))
    assert buckets(made.parts) == {"held:contract not read": "10.00"}
    (finding,) = [f for f in made.findings if f.code == "contracts.not_read"]
    assert finding.dollars == 10


@pytest.mark.parametrize(
    ("vendor", "bucket"),
    [
        ("Devco LLC", "qualified:atlas"),
        (" DEVCO  llc", "qualified:atlas"),
        ("Devco Ltd", "held:contract not read"),
        ("Otherco", "held:contract not read"),
    ],
)
def test_an_abstract_speaks_for_its_own_vendor_only(vendor, bucket):
    made = contracts(payment("10", vendor=vendor))
    assert buckets(made.parts) == {bucket: "10.00"}
    if bucket.startswith("held"):
        assert "of Devco LLC, and the payment went to another vendor" in made.parts[0].determination.why
        assert (made.rows[0].subject, made.rows[0].terms, made.rows[0].payee_kind) == (
            f"vendor:{vendor}",
            None,
            "general",
        )


def test_terms_of_another_vendor_neither_exclude_nor_reduce():
    abstract = terms(rights_to_results=False, success_contingent_share=Decimal("0.5"), payee_kind="energy")
    made = contracts(payment("10", vendor="Otherco"), abstract=(abstract,))
    assert buckets(made.parts) == {"held:contract not read": "10.00"}
    assert made.rows[0].payee_kind == "general"


def test_an_abstract_that_names_no_vendor_speaks_for_nobody():
    made = contracts(payment("10"), abstract=(terms(vendor=""),))
    assert buckets(made.parts) == {"held:contract not read": "10.00"}
    assert "no named vendor" in made.parts[0].determination.why


@pytest.mark.parametrize(
    ("about", "bucket"),
    [("contract:C-1", "held:contract not read"), ("vendor:Otherco", "qualified:atlas")],
)
def test_what_is_said_of_a_contract_settles_nothing_for_another_vendor(about, bucket):
    stated = {"about": about, "question": "contract not read", "answer": "yes", "by": "Partner", "date": "2026-01-09"}
    made = contracts(payment("10", vendor="Otherco"), study=make_study(statements=[stated]))
    assert buckets(made.parts) == {bucket: "10.00"}
    passed = Opinion(Gate.CONTRACT, Verdict.PASSES, Standing.REVIEWER, "decision 3", "Seen.", "reviewer")
    inputs = PeopleInputs(payments=(payment("10", vendor="Otherco"),), contracts=(terms(),))
    reviewed = determine_contracts(inputs, make_study(), {about: (passed,)})
    assert buckets(reviewed.parts) == {bucket: "10.00"}


@pytest.mark.parametrize(
    ("related", "group", "bucket"),
    [
        (None, False, "qualified:atlas"),
        (None, None, "held:is the payee a related party"),
        (None, True, "held:is the payee a related party"),
        (False, None, "qualified:atlas"),
        (False, True, "qualified:atlas"),
        (True, False, "held:related party"),
        (True, None, "held:related party"),
    ],
)
def test_a_payee_not_known_to_be_unrelated_is_held_unless_there_is_no_group(related, group, bucket):
    study = make_study(taxpayer={"controlled_group": group})
    made = contracts(payment("10"), study=study, abstract=(terms(related_party=related),))
    assert buckets(made.parts) == {bucket: "10.00"}
    assert {p.determination.counts_in for p in made.parts} <= {View.SUPPORTED, View.POTENTIAL}


@pytest.mark.parametrize(
    ("answer", "bucket"), [("yes", "qualified:atlas"), ("no", "excluded:payment inside the controlled group")]
)
def test_a_statement_settles_whether_the_payee_is_related(answer, bucket):
    stated = {
        "about": "C-1", "question": "is the payee a related party", "answer": answer, "by": "Tax", "date": "2026-01-09",
    }  # fmt: skip
    study = make_study(taxpayer={"controlled_group": True}, statements=[stated])
    assert buckets(contracts(payment("10"), study=study).parts) == {bucket: "10.00"}


def test_a_contract_nobody_read_is_asked_for_the_group_too():
    made = contracts(payment("10", contract=""), study=make_study(taxpayer={"controlled_group": None}))
    assert questions(made.parts) == {"contract not read", "is the payee a related party"}


def test_two_abstracts_of_one_contract_that_differ_count_as_not_read():
    made = contracts(payment("10"), abstract=(terms(), terms(rights_to_results=False)))
    assert questions(made.parts) == {"contract not read"}
    assert [p.code for p in made.problems] == ["E505"]


def test_the_same_abstract_twice_is_one():
    assert buckets(contracts(payment("10"), abstract=(terms(), terms())).parts) == {"qualified:atlas": "10.00"}


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ("2025-03-01", {"qualified:atlas": "31.00"}),
        ("2025-03-02", {"excluded:performed before the agreement": "1.00", "qualified:atlas": "30.00"}),
        ("2025-03-31", {"excluded:performed before the agreement": "30.00", "qualified:atlas": "1.00"}),
        ("2025-04-01", {"excluded:performed before the agreement": "31.00"}),
    ],
)
def test_days_worked_before_the_signature_are_out(signed, expected):
    assert buckets(contracts(payment("31"), abstract=(terms(signed=signed),)).parts) == expected


def test_a_statement_that_the_contract_was_read_settles_its_question():
    stated = {
        "about": "contract:C-9", "question": "contract not read", "answer": "yes", "by": "Partner",
        "date": "2026-01-09", "document": "MSA.pdf",
    }  # fmt: skip
    made = contracts(payment("10", contract="C-9"), study=make_study(statements=[stated]))
    assert buckets(made.parts) == {"qualified:atlas": "10.00"}
    assert "MSA.pdf" in made.parts[0].determination.why


@pytest.mark.parametrize("answers", [["maybe"], ["yes", "no"]])
def test_statements_that_answer_nothing_settle_nothing(answers):
    stated = [
        {"about": "C-9", "question": "contract not read", "answer": a, "by": "Partner", "date": "2026-01-09"}
        for a in answers
    ]
    made = contracts(payment("10", contract="C-9"), study=make_study(statements=stated))
    assert buckets(made.parts) == {"held:contract not read": "10.00"}


def test_a_payee_on_the_payroll_is_held_whichever_way_the_name_is_written():
    made = contracts(payment("10", vendor="Rivera, Ana"), people=(person(),), pay=(pay("5"),))
    assert buckets(made.parts) == {"held:is the contractor an employee": "10.00"}
    assert "contracts.on_payroll" in {f.code for f in made.findings}


# --- trade or business


def study_begun(began, **more):
    return make_study(taxpayer={"trade_or_business_began": began, **more})


@pytest.mark.parametrize(
    ("began", "expected"),
    [
        ("2025-03-01", {"qualified:atlas": "31.00"}),
        ("2025-03-02", {"excluded:before trade or business": "1.00", "qualified:atlas": "30.00"}),
        (None, {"held:when did the trade or business begin": "31.00"}),
    ],
)
def test_work_before_the_trade_or_business_is_out(began, expected):
    assert buckets(contracts(payment("31"), study=study_begun(began)).parts) == expected


def test_in_a_controlled_group_the_dollars_before_are_held_instead():
    abstract = (terms(related_party=False),)
    made = contracts(payment("31"), study=study_begun("2025-04-01", controlled_group=True), abstract=abstract)
    assert buckets(made.parts) == {"held:does a group member carry on the trade or business": "31.00"}


def test_a_cash_payer_is_tested_on_the_day_of_payment():
    study = make_study(method="cash", taxpayer={"trade_or_business_began": "2025-04-15"})
    assert buckets(contracts(payment("31", paid="2025-04-15"), study=study).parts) == {"qualified:atlas": "31.00"}
    before = contracts(payment("31", paid="2025-04-14"), study=study)
    assert buckets(before.parts) == {"excluded:before trade or business": "31.00"}


# --- place


@pytest.mark.parametrize(
    ("country", "bucket"),
    [("PR", "qualified:atlas"), ("UA", "excluded:foreign research"), ("", "held:where was the work done")],
)
def test_only_work_in_the_united_states_counts(country, bucket):
    assert buckets(contracts(payment("10", country=country)).parts) == {bucket: "10.00"}


# --- timing


def test_accrued_work_across_the_year_end_is_split_by_days_to_the_cent():
    made = contracts(payment("100", begin="2025-12-15", end="2026-01-13"))
    # 17 of 30 days are in 2025.
    assert buckets(made.parts) == {"qualified:atlas": "56.67", "excluded:performed in another year": "43.33"}


def test_a_prepayment_counts_when_the_work_is_done():
    study = make_study(method="cash")
    made = contracts(payment("100", begin="2025-12-15", end="2026-01-13", paid="2025-12-01"), study=study)
    assert buckets(made.parts) == {"qualified:atlas": "56.67", "excluded:prepaid, performed in another year": "43.33"}


def test_the_year_of_the_work_gets_the_prepaid_part_and_no_dollar_counts_twice():
    study = make_study(method="cash", begin="2026-01-01", end="2026-12-31")
    made = contracts(payment("100", begin="2025-12-15", end="2026-01-13", paid="2025-12-01"), study=study)
    assert buckets(made.parts) == {"excluded:paid in another year": "56.67", "qualified:atlas": "43.33"}


def test_a_cash_payer_counts_earlier_work_when_paid():
    study = make_study(method="cash")
    made = contracts(
        payment("100", begin="2024-12-01", end="2024-12-31", paid="2025-01-20"),
        study=study,
        abstract=(terms(signed="2024-11-01"),),
    )
    assert buckets(made.parts) == {"qualified:atlas": "100.00"}


@pytest.mark.parametrize(
    ("method", "dates", "question"),
    [
        ("cash", {"paid": None}, "when was this paid"),
        ("cash", {"begin": None}, "when was the work performed"),
        ("accrual", {"end": None}, "when was the work performed"),
        ("accrual", {"begin": "2025-05-01"}, "when was the work performed"),
    ],
)
def test_missing_or_reversed_dates_hold_the_payment(method, dates, question):
    made = contracts(payment("10", **dates), study=make_study(method=method))
    assert question in questions(made.parts)
    assert {p.determination.counts_in for p in made.parts} == {View.POTENTIAL}


def test_an_accrual_payer_needs_no_payment_date():
    assert buckets(contracts(payment("10", paid=None)).parts) == {"qualified:atlas": "10.00"}


# --- component and control totals


def test_contractors_of_a_funded_component_are_held():
    made = contracts(payment("10"), study=make_study([component(funded=True)]))
    assert buckets(made.parts) == {"held:how far is the research funded": "10.00"}


def test_stated_totals_are_compared_with_what_was_read():
    inputs = [
        {
            "role": "contractors",
            "path": "inputs/contractors.csv",
            "control": [
                {"source": "1099 listing", "amount": "45"},
                {"source": "ledger March", "amount": "30", "month": "2025-03"},
            ],
        }
    ]
    later = payment("10", begin="2025-05-01", end="2025-05-02")
    made = contracts(payment("30"), later, study=make_study(inputs=inputs))
    assert [(r.source, r.read, r.difference) for r in made.reconciliation] == [
        ("1099 listing", Decimal(40), Decimal(-5)),
        ("ledger March", Decimal(30), Decimal(0)),
    ]
