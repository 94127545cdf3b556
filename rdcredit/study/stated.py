"""The tables of one ``study.toml`` as far as they could be read, for checks across tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdcredit.study.config import (
        AcceptedIdenticalRows,
        ComponentSettings,
        ElectionSettings,
        InputSettings,
        OtherSettings,
        ProjectSettings,
        Statement,
        StudySettings,
        TaxpayerSettings,
        TaxYearSettings,
        WorkloadSettings,
    )


@dataclass(frozen=True, slots=True)
class Stated:
    """One field a table, as in :class:`rdcredit.study.config.Study`; None: the table could not be read."""

    study: StudySettings | None
    taxpayer: TaxpayerSettings | None
    tax_years: tuple[TaxYearSettings, ...] | None
    elections: ElectionSettings | None
    components: tuple[ComponentSettings, ...] | None
    projects: tuple[ProjectSettings, ...] | None
    inputs: tuple[InputSettings, ...] | None
    workloads: WorkloadSettings | None
    statements: tuple[Statement, ...] | None
    identical_rows: tuple[AcceptedIdenticalRows, ...] | None
    other: OtherSettings | None
