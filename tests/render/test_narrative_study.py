"""The Word study says what the run found, every number is a figure's or the ledger's, and it never varies."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from narrative_docx import first_paragraph, numbers, own_template, part, plain, text, texts
from narrative_material import COMPONENTS, NAME, PEOPLE, SOURCES, main, material, parts
from narrative_material import part as ledger_part

from rdcredit.errors import Problem, Refused
from rdcredit.figure.sentence import sentence
from rdcredit.figure.value import Known
from rdcredit.figure.view import View
from rdcredit.ledger.records import BucketKind
from rdcredit.money import money_text
from rdcredit.render.narrative import write_study
from rdcredit.render.narrative_context import study_context
from rdcredit.render.narrative_numbers import sum_of
from rdcredit.render.templating import Number, Shown


def written(tmp_path, found=None, name="study.docx", overrides=None):
    write_study(found or material(), tmp_path / name, overrides)
    return tmp_path / name


@pytest.fixture(scope="module")
def draft(tmp_path_factory):
    found = material()
    return found, written(tmp_path_factory.mktemp("draft"), found)


# -- what it says ---------------------------------------------------------------------------------


def test_it_has_every_chapter(draft):
    said = texts(draft[1])
    for heading in (
        "Executive summary", "Scope, reliance and limits", "Taxpayer and taxable years", "Legal framework",
        "Methodology", "Population and reconciliation", "Business components",
        "Qualified research expenses by category", "Credit computation", "Form 6765", "Findings and risk",
        "Excluded and held dollars", "Responsibility and signatures", "Glossary", "Rules applied",
        "Repeating the study", "Evidence",
    ):  # fmt: skip
        assert said.count(heading) == 2, heading  # once in the contents, once above the chapter


def test_the_cover_says_who_when_and_from_what(draft):
    said = text(draft[1])
    for words in (NAME, "12-3456789", "Taxable year 2025 (2025-01-01 to 2025-12-31)", "2026-02-10",
                  "P. Reparer, Tindle Advisory", "a1b2" * 16, "rdcredit 0."):  # fmt: skip
        assert words in said


def test_numbers_of_the_summary_are_those_of_the_figures(draft):
    found, path = draft
    said = text(path)
    for view in View:
        for line in (found.credit.qre.total, found.credit.qre.computer_rental, found.credit.current.credit):
            value = found.figures.value(line, view)
            assert isinstance(value, Known)
            assert money_text(value.value, 0) in said, (line.id, view)
    for line in (found.credit.regular.gross, found.credit.regular.reduced, found.credit.asc.gross,
                 found.credit.asc.reduced):  # fmt: skip
        assert money_text(found.figures.value(line).value, 0) in said


def test_every_figure_of_both_methods_has_its_sentence(draft):
    found, path = draft
    said = text(path)
    asc, regular = found.credit.asc, found.credit.regular
    for line in (asc.tentative, asc.half_of_average, asc.gross, regular.base_before_minimum, regular.incremental):
        how = sentence(line, found.figures, found.view).partition(" = ")[2]
        assert how
        assert how in said


def test_considered_is_qualified_excluded_and_held_to_the_cent(draft):
    found, path = draft
    kinds = {
        k: sum((p.amount for p in found.parts if p.determination.bucket.kind is k), Decimal(0)) for k in BucketKind
    }
    considered = sum((s.amount for s in found.sources), Decimal(0))
    assert sum(kinds.values()) == considered
    q, e, h = (money_text(kinds[k]) for k in (BucketKind.QUALIFIED, BucketKind.EXCLUDED, BucketKind.HELD))
    statement = (
        f"Considered {money_text(considered)} (US dollars) = qualified {q} + excluded {e} + held {h}; difference 0.00."
    )
    assert statement in text(path)


def test_a_difference_between_what_was_read_and_where_it_ended_is_shown(tmp_path):
    short = (replace(SOURCES[0], amount=SOURCES[0].amount + Decimal("0.07")), SOURCES[1])
    assert "difference 0.07." in text(written(tmp_path, material(sources=short)))


def test_fractions_of_a_cent_agree_exactly_and_say_so(tmp_path):
    thirds = [
        ledger_part("0.333333333333", BucketKind.EXCLUDED, "tax on the bill", source="gpu"),
        ledger_part("0.333333333333", BucketKind.HELD, "which component", source="gpu"),
        ledger_part("0.333333333334", BucketKind.QUALIFIED, "codec", component="codec", source="gpu"),
    ]
    source = replace(SOURCES[0], input_id="gpu", amount=Decimal(1))
    said = text(written(tmp_path, material(parts=tuple(thirds), sources=(source,))))
    assert "Considered 1.00 (US dollars) = qualified 0.33 + excluded 0.33 + held 0.33; difference 0.00." in said
    assert "by up to 0.01. The exact amounts agree." in said


def test_another_currency_is_named_and_never_added(tmp_path):
    euros = ledger_part("250.5", BucketKind.HELD, "what is the amount in US dollars", currency="EUR", source="euro")
    said = text(written(tmp_path, material(parts=(*parts(), euros))))
    assert "Considered EUR 250.50 (EUR) = qualified EUR 0.00" in said
    assert "EUR 250.50" in said
    assert "Considered 470,103.56 (US dollars) = " in said
    assert "57,004.11; EUR 250.50" in said  # all that is held


def test_sums_of_the_ledger_are_exact(draft):
    found, _ = draft
    held = sum_of((p for p in found.parts if p.determination.bucket.kind is BucketKind.HELD), "held")
    assert held.home == Fraction("57004.11")
    assert held.number() == Number("57,004.11", "ledger: held", Fraction("57004.11"))


def test_what_a_component_does_not_state_is_an_open_point(draft):
    said = texts(draft[1])
    codec = said[said.index("Neural codec <beta> & friends", said.index("Business components") + 12):]  # fmt: skip
    for label in ("Uncertainty at the outset", "Process of evaluation", "Technological basis"):
        last = max(i for i, t in enumerate(codec[:60]) if t == label)
        assert codec[last + 1] == "Open point: the taxpayer has not stated this."
    decoder = said[said.index("Sparse decoding engine", said.index("Business components") + 12):]  # fmt: skip
    assert decoder[decoder.index("Uncertainty at the outset") + 1].startswith("Method and design: no known routing")


def test_statements_about_substantially_all(tmp_path):
    answers = [
        ("yes", "E-1: hours", "Stated: yes. Basis: E-1: hours."),
        ("yes", "", "Open point: no basis"),
        ("no", "E-1: hours", "Stated: no. Basis: E-1: hours."),
        ("not shown", "", "nothing on record"),
    ]
    for i, (answer, source, words) in enumerate(answers):
        stated = [COMPONENTS[0] | {"meets_80_percent": answer, "meets_80_percent_source": source}, COMPONENTS[1]]
        said = study_context(material(components=stated)).components[0].substantially_all
        assert words in said.text, i
        assert said.open == words.startswith(("Open", "nothing"))


def test_findings_and_questions_come_with_the_most_dollars_first(draft):
    context = study_context(draft[0])
    assert [f.amount.text for f in context.findings] == ["182,000.00", "77,825.28"]
    assert [q.amount.text for q in context.held] == ["45,000.00", "12,004.11"]
    assert context.held[0].effect == "in potential"
    assert [f.title for f in context.components[1].findings] == ["A component states no evaluation"]


def test_what_is_missing_is_said_and_never_zero(tmp_path):
    found = material(prior="unknown")
    said = text(written(tmp_path, found))
    assert "Wages QREs of the year ended 2024-12-31" in said
    assert study_context(found).computation.asc[-1].value.text == "missing"


def test_a_study_without_components_people_or_dollars_still_opens(tmp_path):
    empty = material(components=COMPONENTS, people=PEOPLE, parts=(), sources=(), tie_outs=(), findings=())
    said = text(written(tmp_path, empty))
    for words in ("No dollars were considered.", "There are no findings.", "No dollars are held.",
                  "No control total was stated."):  # fmt: skip
        assert words in said


def test_questions_about_single_records_are_listed(tmp_path):
    asked = Problem("E351", "inputs/time.csv row 12", "the date cannot be read", "a", "b", held=True)
    said = texts(written(tmp_path, material(problems=(asked,) * 31)))
    at = said.index("Questions about single records")
    assert said[at + 5 : at + 8] == ["inputs/time.csv row 12", "The date cannot be read", "E351"]
    assert "Further records, listed by rdcredit check: 1." in said


# -- names ----------------------------------------------------------------------------------------


def test_company_and_component_names_keep_their_characters(draft):
    said = text(draft[1])
    assert f"For 2025, {NAME} has qualified research expenses" in said
    assert "Neural codec <beta> & friends" in said
    assert f"Research credit study, {NAME}, 2025".replace("&", "&amp;") in part(draft[1], "docProps/core.xml")


def test_names_of_people_stand_in_the_people_table_only(draft):
    said = texts(draft[1])
    for name, person in (("Ada Quill", "E-1"), ("Bo Fernweh", "E-2")):
        assert said.count(name) == 1
        assert said[said.index(name) - 1] == person
        assert not [t for t in said if name in t and t != name]
    assert "E-1 recorded the hours herself." in said
    assert "E-1 has not described one yet." in said
    assert "Jo Solo" not in text(draft[1])  # a contractor may be a person: the contract's id stands for it


HOSTILE = [
    "{{ 7*7 }}", "{% include '../../etc/passwd' %}", "{{ cycler.__init__ }}", "<w:p>x</w:p>", "]]><!--", "a & b < c",
    '=HYPERLINK("x")', "\u202ecodec", "a\x0bb", "x" * 400,
]  # fmt: skip


def test_a_hostile_name_is_text_and_nothing_else(tmp_path):
    components = [COMPONENTS[1] | {"id": f"c-{i}", "name": n, "uncertainty": n} for i, n in enumerate(HOSTILE)]
    subjects = [
        ledger_part("10", BucketKind.QUALIFIED, f"c-{i}", component=f"c-{i}", subject=f"acct/{n}", why=n)
        for i, n in enumerate(HOSTILE)
    ]
    found = material(components=[*COMPONENTS, *components], parts=(*parts(), *subjects))
    said = text(written(tmp_path, found))
    for name in HOSTILE:
        shown = name.replace("\u202e", "\\u202e").replace("\x0b", "\\u000b")
        assert said.count(shown) >= 4, name  # contents, heading, uncertainty, subject
    assert "root:" not in said


# -- statuses -------------------------------------------------------------------------------------


def test_estimate_draft_and_final_differ_on_every_page(tmp_path):
    headers = {}
    for status in ("estimate", "draft", "final"):
        path = written(tmp_path, material(status), f"{status}.docx")
        header = part(path, "word/header1.xml")
        headers[status] = header
        assert status.upper() in text(path, "header")
        assert ('string="' in header) is (status != "final")  # the mark across the page
    assert f'string="{"DRAFT"}"' in headers["draft"]
    fills = {h.split('w:fill="')[1][:6] for h in headers.values()}
    assert len(fills) == 3
    assert "Research credit estimate" in text(tmp_path / "estimate.docx")
    assert "Research credit study" not in text(tmp_path / "estimate.docx")


# -- numbers of the template's own ----------------------------------------------------------------

HARD_CODED = {
    "dollars": ("We save you $412,000 this year.", "412000"),
    "dollars below a thousand": ("A fee of $450.", "450"),
    "cents": ("Total 99.17 in all.", "99.17"),
    "plain": ("Credit 987654 expected", "987654"),
    "a rate": ("The credit is 17.5% of QREs", "17.5"),
    "a rate in words": ("The credit is 18 percent of QREs", "18"),
    "negative": ("less -5,123 for others", "5123"),
    "beside a figure": ("{{ summary.credit.shown }} and 77,123", "77123"),
    "a true number typed": ("QREs are 364,357.", "364357"),
}


def test_a_number_typed_into_the_template_is_reported_in_a_draft_and_refused_in_a_final_study(tmp_path):
    typed = "".join(plain(words) for words, _ in HARD_CODED.values())
    folder = own_template(tmp_path, [first_paragraph(typed)])
    problems = write_study(material(), tmp_path / "study.docx", folder)
    assert {p.code for p in problems} == {"E691"}
    assert all(p.held for p in problems)
    for what, (_, number) in HARD_CODED.items():
        assert sum(f"prints {number} " in p.what for p in problems) == 1, what
    assert len(problems) == len(HARD_CODED)
    assert any(p.what.startswith('the template prints 412000 of its own in "We save you $412,000') for p in problems)
    with pytest.raises(Refused) as refused:
        write_study(material("final"), tmp_path / "final.docx", folder)
    assert {p.code for p in refused.value.problems} == {"E691"}
    assert not (tmp_path / "final.docx").exists()


def test_citations_and_years_are_not_taken_for_money(tmp_path):
    words = ("Treas. Reg. 1.41-4(a)(6) and IRC 280C(c)(2)", "Rev. December 2024, page 12 of 2025", "P.L. 119-21",
             "Form 6765, line 48")  # fmt: skip
    folder = own_template(tmp_path, [first_paragraph("".join(plain(w) for w in words))])
    assert write_study(material(), tmp_path / "study.docx", folder) == ()


def test_a_name_full_of_numbers_is_no_number_of_the_template(tmp_path):
    stated = [COMPONENTS[0] | {"name": "Codec 412,000 at 17.5% and $9.99"}, COMPONENTS[1]]
    assert write_study(material(components=stated), tmp_path / "study.docx") == ()


def _numbers_in(value, path=""):
    if isinstance(value, Number):
        yield path, value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _numbers_in(item, f"{path}[{i}]")
    elif isinstance(value, Shown):
        for name in value.__dataclass_fields__:
            yield from _numbers_in(getattr(value, name), f"{path}.{name}")
    else:
        assert isinstance(value, (str, bool)), (path, type(value))


def test_the_context_holds_texts_and_bound_numbers_alone(draft):
    found = dict(_numbers_in(study_context(draft[0])))
    assert len(found) > 150
    assert all(n.source for n in found.values())
    shown = [n for n in found.values() if n.value is not None and numbers(n.text)]
    assert len(shown) > 150


# -- sameness and properties ----------------------------------------------------------------------


def test_the_same_bytes_in_any_setting(tmp_path):
    here = written(tmp_path, name="here.docx").read_bytes()
    script = main.__globals__["__file__"]
    for i, (seed, zone, locale) in enumerate([("1", "Asia/Kolkata", "C"), ("77", "America/Los_Angeles", "C.UTF-8")]):
        folder = tmp_path / f"elsewhere {i}"
        folder.mkdir()
        setting = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LANG": locale, "LC_ALL": locale,
                                "PYTHONPATH": os.pathsep.join(sys.path)}  # fmt: skip
        run = subprocess.run([sys.executable, script, folder / "study.docx"], env=setting, cwd=folder, check=True,
                             capture_output=True)  # fmt: skip
        assert json.loads(run.stdout) == []
        assert (folder / "study.docx").read_bytes() == here


def test_properties_are_the_programs_own(tmp_path):
    core = ("docProps/core.xml", "<dc:creator>rdcredit</dc:creator>",
            "<dc:creator>Jane Machine</dc:creator><dc:description>C:\\Users\\jane</dc:description>")  # fmt: skip
    app = ("docProps/app.xml", "<Application>", "<Template>jane.dotx</Template><Application>")
    path = written(tmp_path, overrides=own_template(tmp_path, [core, app]))
    everything = part(path, "docProps/core.xml") + part(path, "docProps/app.xml")
    assert "jane" not in everything.lower()
    assert everything.count("2026-02-10T00:00:00Z") == 2
    assert "<dc:creator>rdcredit</dc:creator><cp:lastModifiedBy>rdcredit<" in everything


@pytest.mark.office
def test_the_office_program_opens_it(draft, office, tmp_path):
    from support.office import convert

    pdf = convert(office, draft[1], "pdf", tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")
