"""What every determination of people, contracts and supplies consults, opened once a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdcredit.determine.controls import input_names
from rdcredit.determine.gates import Gate
from rdcredit.determine.project_map import ProjectMap, open_points
from rdcredit.determine.reasons import NOBODY, Answers, Reviewed, determined, reasons
from rdcredit.determine.spans import Span
from rdcredit.ledger.records import BucketKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdcredit.determine.gates import Opinion
    from rdcredit.determine.project_map import Placement
    from rdcredit.ingest.records import PeopleInputs
    from rdcredit.ledger.records import Determination
    from rdcredit.source import RowRef
    from rdcredit.study.config import Study


@dataclass(frozen=True, slots=True)
class Desk:
    """The study, its statements and projects, the reviewer's opinions and the names of the inputs."""

    study: Study
    year: Span
    answers: Answers
    projects: ProjectMap
    reviewed: Reviewed = field(default_factory=lambda: NOBODY)
    inputs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, inputs: PeopleInputs, study: Study, reviewed: Reviewed = NOBODY) -> Desk:
        """The desk for one study and what was read for it."""
        return cls(
            study=study,
            year=Span(study.credit_year.begin, study.credit_year.end),
            answers=Answers(study.statements),
            projects=ProjectMap(study),
            reviewed=reviewed,
            inputs=input_names(inputs),
        )

    def source(self, ref: RowRef) -> str:
        """The id of the input a row was read from; its path where no id was recorded."""
        return self.inputs.get(ref.file.path, ref.file.path)

    def determine(
        self,
        checks: Sequence[Opinion],
        gates: Sequence[Gate],
        about: Sequence[str],
        placement: Placement | None,
        *,
        settled: Sequence[Gate] = (),
    ) -> Determination:
        """The determination of work on a project, the reviewer's opinions included.

        ``about`` lists the subjects concerned, the nearest first; of the reviewer's opinions on one
        gate those about the nearest subject count. Nobody's opinion qualifies a dollar of no component,
        and none is heard on the gates ``settled`` by dates on record.
        """
        subjects = (*about, *(placement.about if placement else ()))
        spoken: dict[Gate, str] = {}
        reviewed = [
            o
            for s in subjects
            for o in self.reviewed.get(s, ())
            if o.gate in gates and o.gate not in settled and spoken.setdefault(o.gate, s) == s
        ]
        component = placement.component if placement else None
        made = determined(
            checks,
            gates,
            component.id if component else "",
            reviewed=reviewed,
            open_points=open_points(component),
        )
        if component is None and made.bucket.kind == BucketKind.QUALIFIED:
            asked = [o for o in checks if o.gate != Gate.COMPONENT]
            asked.append(reasons()["component.blank"].opinion())
            heard = [o for o in reviewed if o.gate != Gate.COMPONENT]
            return determined(asked, (*gates, Gate.COMPONENT), "", reviewed=heard)
        return made
