"""The study from top to bottom: read, determine, compute, render, publish.

Each stage is one function that hands frozen records to the next; a stage that finds faults
collects all of them before it refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdcredit.credit.compute import compute_credit
from rdcredit.determine.compute import BillDetermined, Explanation, examine_bill, explain
from rdcredit.determine.contracts import ContractDetermination, determine_contracts
from rdcredit.determine.facts_of_ledger import CostFacts, component_facts, contract_facts, cost_facts, people_facts
from rdcredit.determine.place import us_share
from rdcredit.determine.supplies import SupplyDetermination, determine_supplies
from rdcredit.determine.wages import WageDetermination, determine_wages
from rdcredit.determine.whole import DeterminedStudy, ReadStudy
from rdcredit.errors import Problem, Refused, shown
from rdcredit.facts.records import Facts
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.value import Missing
from rdcredit.figure.view import View
from rdcredit.forms.form_6765 import form_6765
from rdcredit.ingest.bills import read_bill
from rdcredit.ingest.people import read_people
from rdcredit.law import law_for
from rdcredit.ledger.checks import control_problems
from rdcredit.ledger.records import BucketKind, QreCategory
from rdcredit.render.material import SourceRead, StudyMaterial, TieOut
from rdcredit.render.published import write_published
from rdcredit.render.tie_outs import sources_read, tie_outs
from rdcredit.study.load import load_study
from rdcredit.study.lock import study_lock
from rdcredit.study.manifest import Manifest, Sources, sources_of
from rdcredit.study.names import nearest
from rdcredit.study.problems import clear_problems
from rdcredit.study.publisher import publish, recover
from rdcredit.study.to_facts import election_facts, nothing_else, taxpayer_facts, year_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdcredit.ingest.records import PeopleInputs, RolledBill
    from rdcredit.study.config import Study


def _quiet(_: str) -> None:
    """No progress is shown."""


def read_study(root: Path, progress: Callable[[str], None] = _quiet, *, rehash: bool = False) -> ReadStudy:
    """Read and check everything a study is made from.

    Raises:
        Refused: every problem of every input at once.
    """
    study = load_study(root)
    year = (study.credit_year.begin, study.credit_year.end)
    build = (root / "build").absolute()  # the reading process has a working folder of its own
    problems: list[Problem] = []
    bills: list[RolledBill] = []
    for spec in study.inputs:
        if spec.role != "bill":
            continue
        progress(f"reading {spec.path}")
        try:
            bills.append(read_bill(root, spec, year, build, rehash=rehash, progress=progress))
        except Refused as refused:
            problems += refused.problems
    progress("reading people, time, contracts and supplies")
    try:
        people = read_people(root, study)
    except Refused as refused:
        raise Refused([*problems, *refused.problems]) from None
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
    places = us_share(people, study)
    problems: list[Problem] = []
    compute: list[BillDetermined] = []
    for bill in read.bills:
        try:
            compute.append(examine_bill(bill, study, places))
        except Refused as refused:
            problems += refused.problems
    wages, contracts, supplies = _tables(people, study, problems)
    for determined in compute:
        problems += control_problems(determined.controls)
    if problems or wages is None or contracts is None or supplies is None:
        raise Refused(problems)
    problems += _table_controls(wages, contracts, supplies)
    if problems:
        raise Refused(problems)
    return DeterminedStudy(read, tuple(compute), wages, contracts, supplies)


def _tables(
    people: PeopleInputs, study: Study, problems: list[Problem]
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
        supplies = determine_supplies(people, study)
    except Refused as refused:
        problems += refused.problems
    return wages, contracts, supplies


def _table_controls(
    wages: WageDetermination, contracts: ContractDetermination, supplies: SupplyDetermination
) -> list[Problem]:
    return [
        Problem(
            "E703",
            line.label,
            f"{line.source} states {line.stated:,f}, the file holds {line.read:,f}",
            "A file that is cut, doubled or of another period would change the credit unnoticed.",
            "Export the file again, or correct the control total in study.toml.",
        )
        for line in (*wages.reconciliation, *contracts.reconciliation, *supplies.reconciliation)
        if line.difference != 0
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
        other=nothing_else(document),
        original_return=study.study.original_return,
        source=document,
    )
    return facts, (rental, supplies)


def compute_study(determined: DeterminedStudy, progress: Callable[[str], None] = _quiet) -> StudyMaterial:
    """The figures of a study and everything its documents show."""
    progress("computing the credit")
    read = determined.read
    facts, costs = facts_of(determined)
    year = facts.credit_year
    credit = compute_credit(facts, law_for(year.begin, year.end))
    return StudyMaterial(
        study=read.study,
        credit=credit,
        form=form_6765(credit),
        figures=Evaluation(),
        view=View.SUPPORTED,
        views=tuple(View),
        parts=determined.parts,
        sources=tuple(sources_read(read)),
        tie_outs=tuple(tie_outs(determined, costs)),
        findings=determined.findings,
        digest=read.digest,
        problems=determined.problems,
    )


def final_problems(material: StudyMaterial) -> tuple[Problem, ...]:
    """What keeps a study from being final: open dollars, missing form lines, a form not yet issued."""
    found = []

    def add(what: str, why: str, fix: str) -> None:
        found.append(Problem("E507", "study.toml", what, why, fix))

    open_parts = [p for p in material.parts if p.determination.bucket.kind == BucketKind.HELD and p.amount]
    if open_parts:
        questions = sorted({p.determination.bucket.name for p in open_parts})
        add(
            f"dollars are held by {len(questions)} questions, such as {shown(questions[0])}",
            "Whoever signs a final study answers for every dollar in it.",
            'Answer the questions under [[statements]], or set status = "draft".',
        )
    missing = [
        line.line
        for line in material.form.lines
        if line.figure is not None and isinstance(material.figures.seen(line.figure, material.view), Missing)
    ]
    if missing:
        add(
            f"lines {', '.join(missing)} of Form 6765 are missing",
            "A line that is not known cannot be filed.",
            'State the facts named in the trace of these lines, or set status = "draft".',
        )
    if material.form.banner:
        add(material.form.banner.rstrip("."), "Line numbers may change.", 'Set status = "draft" until the form is out.')
    return tuple(found)


def run_study(root: Path, progress: Callable[[str], None] = _quiet) -> tuple[StudyMaterial, DeterminedStudy, Manifest]:
    """The main job: read, determine, compute, and publish the set in ``out``.

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
        if read.study.study.status == "final" and (problems := final_problems(material)):
            raise Refused(problems)
        progress("writing the workbook and the study")
        manifest = publish(
            root,
            lambda folder: write_published(material, folder, root / "templates"),
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
    """Everything that was heard about one workload.

    Raises:
        Refused: no bill has such a workload (E708), or the study cannot be read.
    """
    read = read_study(root, progress)
    places = us_share(read.people, read.study)
    found = tuple(e for bill in read.bills for e in explain(bill, read.study, places, workload))
    if found:
        return found
    parts = (p for bill in read.bills for p in examine_bill(bill, read.study, places).parts)
    near = nearest(workload, sorted({p.subject for p in parts}))
    problem = Problem(
        "E708", "", f"there is no workload {workload}", "Workloads are named as rdcredit classify prints them.",
        f"Ask for: rdcredit classify STUDY --explain '{near}'" if near else "Look at: rdcredit classify STUDY",
    )  # fmt: skip
    raise Refused([problem])
