"""What of the sample's results is kept in ``quillfern-2025.results.json``: credit, QREs, components, buckets.

After a change of the law, the rules or the sample that is meant, write it anew and read the difference:

    python tests/golden/golden.py
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

KEPT = Path(__file__).with_name("quillfern-2025.results.json")
PARTS = ("credit", "qre", "components", "buckets", "reconciliation")


def golden(results):
    """The part of ``results.json`` that is kept; digests, findings and words are left to other tests."""
    found = {name: results[name] for name in PARTS}
    found["method"] = results["study"]["method"]
    return found


def as_text(found):
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main():
    repository = Path(__file__).resolve().parents[2]
    sys.path.insert(0, str(repository))
    from rdcredit.pipeline import run_study
    from rdcredit.study.scaffold import init_study

    with tempfile.TemporaryDirectory() as folder:
        study = init_study(Path(folder) / "quillfern", "quillfern-2025")
        run_study(study)
        results = json.loads((study / "out" / "results.json").read_text(encoding="utf-8"))
    KEPT.write_text(as_text(golden(results)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
