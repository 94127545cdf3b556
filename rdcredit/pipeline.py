"""The study from top to bottom: read, determine, compute, render, publish.

Each stage is one function that hands frozen records to the next; a stage that finds faults
collects all of them before it refuses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rdcredit.credit.compute import compute_credit
from rdcredit.determine.compute import BillDetermined, Explanation, examine_bill, explain, told_of_parts
from rdcredit.determine.contracts import ContractDetermination, determine_contracts
from rdcredit.determine.facts_of_ledger import CostFacts, component_facts, contract_facts, cost_facts, people_facts
from rdcredit.determine.place import component_places, us_share, us_shares
from rdcredit.determine.statement_checks import unheard_statements
from rdcredit.determine.supplies import SupplyDetermination, determine_supplies
from rdcredit.determine.wages import WageDetermination, determine_wages
from rdcredit.determine.whole import DeterminedStudy, ReadStudy
from rdcredit.errors import Problem, Refused
from rdcredit.facts.records import EntityType, Facts
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import form_6765
from rdcredit.ingest.across import confused_people, given_twice, without_accepted
from rdcredit.ingest.bills import read_bill
from rdcredit.ingest.people import read_people
from rdcredit.law import law_for
from rdcredit.ledger.checks import control_problems
from rdcredit.ledger.records import QreCategory
from rdcredit.render.final import final_problems
from rdcredit.render.material import SourceRead, StudyMaterial, TieOut
from rdcredit.render.published import write_published
from rdcredit.render.tie_outs import sources_read, tie_outs
from rdcredit.study.load import load_study
from rdcredit.study.lock import study_lock
from rdcredit.study.manifest import Manifest, Sources, sources_of
from rdcredit.study.names import nearest
from rdcredit.study.problems import clear_problems
from rdcredit.study.publisher import publish, recover
from rdcredit.study.to_facts import election_facts, other_facts, taxpayer_facts, year_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from rdcredit.determine.place import ComponentPlace
    from rdcredit.ingest.records import HeldRow, PeopleInputs, RolledBill
    from rdcredit.study.config import Study


_NO_INPUTS = Problem(
    "E503",
    "study.toml",
    "no input is named",
    "A study of nothing would publish a credit of zero.",
    'Add [[inputs]] with role and path, for example role = "bill" and path = "inputs/aws/".',
)


def _quiet(_: str) -> None:
    """No progress is shown."""


def read_study(root: Path, progress: Callable[[str], None] = _quiet, *, rehash: bool = False) -> ReadStudy:
    """Read and check everything a study is made from.

    Raises:
        Refused: every problem of every input at once.
    """
    study = load_study(root)
    if not study.inputs:
        raise Refused([_NO_INPUTS])
    year = (study.credit_year.begin, study.credit_year.end)
    build = (root / "build").absolute()  # the reading process has a working folder of its own
    problems: list[Problem] = []
    bills: list[RolledBill] = []
    for spec in study.inputs:
        if spec.role != "bill":
            continue
        progress(f"reading {spec.path}")
        try:
            bill = read_bill(root, spec, year, build, rehash=rehash, progress=progress)
            bills.append(without_accepted(bill, study))
        except Refused as refused:
            problems += refused.problems
    progress("reading people, time, contracts and supplies")
    try:
        people = read_people(root, study)
    except Refused as refused:
        raise Refused([*problems, *refused.problems]) from None
    problems += [*given_twice(bills), *confused_people(people)]
    if problems:
        raise Refused(problems)
    return ReadStudy(root, study, tuple(bills), people)


def determine_study(read: ReadStudy, progress: Callable[[str], None] = _quiet) -> DeterminedStudy:
    """Decide on every dollar that was read; totals that do not tie stop here.

    Raises:
        Refused: rules disagree (E505), dollars were lost (E702), a control total differs (E703).
    """
    progress("deciding on workloads, people and contracts")
    study, people = read.study, read.people
    places = component_places(people, study)
    shares = us_shares(places)
    problems: list[Problem] = []
    compute: list[BillDetermined] = []
    for bill in read.bills:
        try:
            compute.append(examine_bill(bill, study, shares))
        except Refused as refused:
            problems += refused.problems
    wages, contracts, supplies = _tables(people, study, places, problems)
    for decided in compute:
        problems += control_problems(decided.controls)
    problems += _table_controls(wages, contracts, supplies)
    if problems or wages is None or contracts is None or supplies is None:
        raise Refused([*_rows_held(read), *problems])
    determined = DeterminedStudy(read, tuple(compute), wages, contracts, supplies)
    wrong = [p for p in determined.problems if not p.held and p.code == "E502"]
    if wrong := [*wrong, *unheard_statements(study, determined.parts)]:
        raise Refused(wrong)
    return determined


def _tables(
    people: PeopleInputs, study: Study, places: Mapping[str, ComponentPlace], problems: list[Problem]
) -> tuple[WageDetermination | None, ContractDetermination | None, SupplyDetermination | None]:
    wages, contracts, supplies = None, None, None
    try:
        wages = determine_wages(people, study)
    except Refused as refused:
        problems += refused.problems
    try:
        contracts = determine_contracts(people, study)
    except Refused as refused:
        problems += refused.problems
    try:
        supplies = determine_supplies(people, study, places=places)
    except Refused as refused:
        problems += refused.problems
    return wages, contracts, supplies


def _rows_held(read: ReadStudy) -> list[Problem]:
    """Rows that could not be read: a total that does not tie may be theirs, and now they hold up the run."""
    found = (*(p for bill in read.bills for p in bill.problems), *read.people.problems)
    return [replace(problem, held=False) for problem in found]


def _unread(read: ReadStudy) -> list[HeldRow]:
    """Rows of any input whose amount or quantity could not be read."""
    return [*(row for bill in read.bills for row in bill.held), *read.people.held]


def _table_controls(*tables: WageDetermination | ContractDetermination | SupplyDetermination | None) -> list[Problem]:
    return [
        Problem(
            "E703",
            line.label,
            f"{line.source} states {line.stated:,f}, the file holds {line.read:,f}",
            "A file that is cut, doubled or of another period would change the credit unnoticed.",
            "Export the file again, or correct the control total in study.toml.",
        )
        for table in tables
        if table is not None
        for line in table.reconciliation
        if line.difference != 0
    ]


def _lost(ties: Iterable[TieOut]) -> list[Problem]:
    """E702 for each total that must tie and does not, control totals having been compared before."""
    return [
        Problem(
            "E702",
            tie.label,
            f"{tie.read:,f} in the ledger against {tie.stated:,f} of {tie.source}",
            "Every dollar must end in exactly one bucket, or no total of the study can be trusted.",
            "This is a fault of the program: report it with the line above; no figure was made from it.",
        )
        for tie in ties
        if tie.must_tie and tie.difference != 0
    ]


def facts_of(determined: DeterminedStudy) -> tuple[Facts, tuple[CostFacts, CostFacts]]:
    """The study's determinations as tax facts; also the costs with what rounding to cents left over."""
    study = determined.read.study
    document = "study.toml"
    people, time = people_facts(determined.wages, document)
    parts = determined.parts
    rental = cost_facts(parts, QreCategory.COMPUTER_RENTAL)
    supplies = cost_facts(parts, QreCategory.SUPPLIES)
    contracts = contract_facts(determined.contracts)
    used = [
        *(t.component for t in time),
        *(c.component for c in (*rental.costs, *supplies.costs)),
        *(c.component for c in contracts),
    ]
    facts = Facts(
        taxpayer=taxpayer_facts(study.taxpayer),
        years=tuple(year_facts(y, document) for y in study.tax_years),
        elections=election_facts(study.elections, document),
        components=component_facts(study, used),
        people=people,
        time=time,
        supplies=supplies.costs,
        computer_rental=rental.costs,
        contracts=contracts,
        other=other_facts(study.other, document, EntityType(study.taxpayer.entity)),
        original_return=study.study.original_return,
        source=document,
    )
    return facts, (rental, supplies)


def compute_study(determined: DeterminedStudy, progress: Callable[[str], None] = _quiet) -> StudyMaterial:
    """The figures of a study and everything its documents show.

    Raises:
        Refused: dollars read from a source are in no bucket, or in two (E702).
    """
    progress("computing the credit")
    read = determined.read
    facts, costs = facts_of(determined)
    ties = tuple(tie_outs(determined, costs))
    if lost := _lost(ties):
        raise Refused(lost)
    year = facts.credit_year
    credit = compute_credit(facts, law_for(year.deemed_begin, year.deemed_end))
    return StudyMaterial(
        study=read.study,
        credit=credit,
        form=form_6765(credit),
        figures=Evaluation(),
        view=View.SUPPORTED,
        views=tuple(View),
        parts=determined.parts,
        sources=tuple(sources_read(read)),
        tie_outs=ties,
        findings=determined.findings,
        digest=read.digest,
        problems=determined.problems,
    )


def run_study(
    root: Path, progress: Callable[[str], None] = _quiet, notice: Callable[[Problem], None] = lambda _: None
) -> tuple[StudyMaterial, DeterminedStudy, Manifest]:
    """The main job: read, determine, compute, and publish the set in ``out``.

    ``notice`` is told what a reader of a draft should know about its template.

    Raises:
        Refused: with every problem found; nothing is published then.
    """
    load_study(root)  # a folder that is no study is told apart before anything is written into it
    with study_lock(root):
        recover(root)
        before = sources_of(root)
        read = read_study(root, progress, rehash=load_study(root).study.status == "final")
        determined = determine_study(read, progress)
        material = compute_study(determined, progress)
        if read.study.study.status == "final" and (problems := final_problems(material, _unread(read))):
            raise Refused(problems)
        progress("writing the workbook and the study")

        def build(folder: Path) -> None:
            for problem in write_published(material, folder, root / "templates"):
                notice(problem)

        manifest = publish(
            root,
            build,
            sources=Sources(before.study, before.decisions, read.files),
        )
        clear_problems(root)
    return material, determined, manifest


def write_again(root: Path, folder: Path, progress: Callable[[str], None] = _quiet) -> None:
    """Write the set of a study anew into ``folder``, every input read again.

    Raises:
        Refused: every problem found.
    """
    material = compute_study(determine_study(read_study(root, progress, rehash=True), progress), progress)
    progress("writing the workbook and the study")
    write_published(material, folder, root / "templates")


def determined_study(root: Path, progress: Callable[[str], None] = _quiet) -> DeterminedStudy:
    """A study read and decided, without figures.

    Raises:
        Refused: every problem found.
    """
    return determine_study(read_study(root, progress), progress)


def checked_study(
    root: Path, progress: Callable[[str], None] = _quiet
) -> tuple[tuple[SourceRead, ...], tuple[TieOut, ...], tuple[Problem, ...]]:
    """What each input holds, the totals compared, and the problems that hold rows.

    Raises:
        Refused: every problem that stops a study.
    """
    determined = determined_study(root, progress)
    _, costs = facts_of(determined)
    return tuple(sources_read(determined.read)), tuple(tie_outs(determined, costs)), determined.problems


def explanations(root: Path, workload: str, progress: Callable[[str], None] = _quiet) -> tuple[Explanation, ...]:
    """Everything that was heard about one workload; what was decided about a person, contract or supplier.

    Raises:
        Refused: there is no such subject (E708), or the study cannot be read.
    """
    read = read_study(root, progress)
    places = us_share(read.people, read.study)
    found = tuple(e for bill in read.bills for e in explain(bill, read.study, places, workload))
    if found:
        return found
    decided = determine_study(read, progress)
    subjects = sorted({p.subject for p in decided.parts})
    wanted = next((s for s in subjects if s.casefold() == workload.casefold()), None)
    if wanted is not None:
        return told_of_parts([p for p in decided.parts if p.subject == wanted])
    near = nearest(workload, subjects) or next((s for s in subjects if workload.casefold() in s.casefold()), None)
    problem = Problem(
        "E708", "", f"there is no subject {workload}", "Subjects are named as rdcredit classify prints them.",
        f"Ask for: rdcredit classify STUDY --explain '{near}'" if near else "Look at: rdcredit classify STUDY",
    )  # fmt: skip
    raise Refused([problem])
