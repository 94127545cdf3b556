from __future__ import annotations

import pytest

COMPLETE = """\
[study]
status = "draft"
dated = 2026-02-10

[taxpayer]
name = "Quillfern Tensorworks, Inc."
entity = "C corporation"
accounting_method = "accrual"

[[tax_years]]
begin = 2024-01-01
end = 2024-12-31
receipts = { base = "0.00", s448c = "18211.40" }
qre = { wages = "412000.00", computer_rental = "restate", source = "books 2024" }

[[tax_years]]
begin = 2025-01-01
end = 2025-12-31

[elections]
method = "compare"

[[components]]
id = "sparse-decoder"
name = "Sparse decoding engine"
kind = "software"
use = "not internal"
began = 2024-11-04
released = 2025-09-30
select = [{ project = "sparse-decoder" }, { team = "research", environment = ["dev", "experiment"] }]
projects = ["Sparse Decoder"]

[[projects]]
name = "Office"
activity = "backoffice_ga"

[[inputs]]
role = "bill"
id = "cloud"
path = "inputs/aws-cur2/"
control = [{ month = "2025-03", amount = "41210.33", source = "invoice 2025-03" }]

[[inputs]]
role = "payroll"
path = "inputs/payroll-2025.xlsx"
control = [{ amount = "5120447.12", source = "W-3 2025" }]

[workloads]
identity = ["project", "application", "environment", "team"]

[classifier]
threshold = "0.95"

[[statements]]
about = "cloud/research"
question = "tenancy"
answer = "shared"
by = "A. Preparer"
date = 2026-01-15

[[identical_rows]]
input = "cloud"
by = "A. Preparer"
date = 2026-01-15
"""


@pytest.fixture
def study_toml():
    """A complete settings file without any fault."""
    return COMPLETE


@pytest.fixture
def refused(tmp_path):
    """Loads a settings file and gives its problems; none where it is accepted."""
    from rdcredit.errors import Refused
    from rdcredit.study.load import load_study

    def problems(text):
        (tmp_path / "study.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            load_study(tmp_path)
        except Refused as refusal:
            return refusal.problems
        return ()

    return problems


@pytest.fixture
def changed(study_toml, refused):
    """The problems of the complete file after replacing ``old`` by ``new``, which must occur."""

    def problems(*edits):
        text = study_toml
        for old, new in zip(edits[::2], edits[1::2], strict=True):
            assert old in text
            text = text.replace(old, new, 1)
        return refused(text)

    return problems


@pytest.fixture
def study(tmp_path):
    """A study folder that can be published."""
    root = tmp_path / "acme-2025"
    (root / "inputs").mkdir(parents=True)
    (root / "study.toml").write_text(COMPLETE, encoding="utf-8")
    return root
