"""A statement that settles nothing is refused: its author believes that the dollars are settled."""

import pytest

from rdcredit.determine.statement_checks import unheard_statements
from rdcredit.study.config import Study


def study(**statement):
    stated = {"about": "taxpayer", "question": "wages.role", "answer": "yes", "by": "A. Partner", "date": "2026-01-15"}
    return Study.model_validate(
        {
            "study": {"status": "draft", "dated": "2026-02-10"},
            "taxpayer": {"name": "Worked Example", "entity": "C corporation", "accounting_method": "accrual"},
            "tax_years": [{"begin": "2025-01-01", "end": "2025-12-31"}],
            "components": [{"id": "sparse-decoder", "name": "Sparse decoder", "kind": "software"}],
            "statements": [stated | statement],
        }
    )


def faults(**statement):
    return [p.what for p in unheard_statements(study(**statement), ())]


def test_a_statement_about_a_component_that_answers_its_question_is_heard():
    assert faults(about="component:sparse-decoder", question="tenancy", answer="shared") == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({"about": "component:sparse-decodr", "question": "tenancy", "answer": "shared"}, "is not in the study"),
        ({"about": "sparse-decoder", "question": "what did this officer do", "answer": "yes"}, "which nothing asks"),
        ({"about": "sparse-decoder", "question": "trade.not-stated", "answer": "maybe"}, "answers with"),
    ],
)
def test_one_that_nothing_asks_for_is_refused(statement, said):
    [what] = faults(**statement)
    assert said in what
