"""A whole study between the stages of the pipeline: what was read, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rdcredit.determine.compute import BillDetermined
    from rdcredit.determine.contracts import ContractDetermination
    from rdcredit.determine.supplies import SupplyDetermination
    from rdcredit.determine.wages import WageDetermination
    from rdcredit.errors import Problem
    from rdcredit.ingest.records import PeopleInputs, RolledBill
    from rdcredit.ledger.findings import Finding
    from rdcredit.ledger.records import Part
    from rdcredit.source import FileRef
    from rdcredit.study.config import Study


@dataclass(frozen=True, slots=True)
class ReadStudy:
    """A study's inputs as they were read: settings, bills rolled up, tables of people."""

    root: Path
    study: Study
    bills: tuple[RolledBill, ...]
    people: PeopleInputs

    @property
    def files(self) -> tuple[FileRef, ...]:
        """Every input file with its digest."""
        of_bills = (f.file for bill in self.bills for f in bill.files)
        return tuple(sorted({*of_bills, *(f.file for _, f in self.people.files)}, key=lambda f: (f.path, f.digest)))

    @property
    def digest(self) -> str:
        """One digest of all inputs, order aside."""
        lines = "\n".join(f"{f.digest} {f.path}" for f in self.files)
        return sha256(lines.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DeterminedStudy:
    """What became of every dollar, by kind of input."""

    read: ReadStudy
    compute: tuple[BillDetermined, ...]
    wages: WageDetermination
    contracts: ContractDetermination
    supplies: SupplyDetermination

    @property
    def parts(self) -> tuple[Part, ...]:
        """The whole ledger."""
        bills = (part for bill in self.compute for part in bill.parts)
        return (*bills, *self.wages.parts, *self.contracts.parts, *self.supplies.parts)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything a reviewer should know, the most dollars first."""
        found = (
            *(f for bill in self.compute for f in bill.findings),
            *self.wages.findings,
            *self.contracts.findings,
            *self.supplies.findings,
        )
        return tuple(sorted(found, key=lambda f: (-abs(f.dollars), f.code, f.subjects)))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Problems that hold rows and let the run go on."""
        found = (
            *(p for bill in self.read.bills for p in bill.problems),
            *self.read.people.problems,
            *(p for bill in self.compute for p in bill.problems),
            *self.wages.problems,
            *self.contracts.problems,
            *self.supplies.problems,
        )
        return tuple(dict.fromkeys(found))
