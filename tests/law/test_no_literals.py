"""No number of the law stands in code: the computing rooms hold arithmetic and the calendar only.

Seen: numbers, numbers inside ``Decimal("0.14")`` and ``Fraction("1/6")``, ``float("0.2")``. Allowed
besides 0, 1, 2, 12 and 365: ``-1`` as a position, and ``width=``, the breadth of a printed column.
"""

import ast
import re

import pytest

ROOMS = ("qre", "credit", "forms")
ALLOWED = {0, 1, 2, 12, 365}
_NUMERIC = re.compile(r"[-+]?[\d_]*\.?\d+([eE][-+]?\d+)?(/\d+)?")
_READERS = {"Decimal", "Fraction", "float", "int", "D"}


def literals(source):
    """Line numbers and texts of the numeric literals that are not allowed."""
    tree = ast.parse(source)
    printed = {
        id(node)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "width"
        for node in ast.walk(keyword.value)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _READERS:
            found += [(a.lineno, a.value) for a in node.args if _is_numeric_text(a) and a.value not in _texts()]
        if not isinstance(node, ast.Constant) or id(node) in printed:
            continue
        if (
            isinstance(node.value, (int, float, complex))
            and not isinstance(node.value, bool)
            and (isinstance(node.value, float) or node.value not in ALLOWED)
        ):
            found.append((node.lineno, repr(node.value)))
    return sorted(found)


def _called(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _is_numeric_text(node):
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_NUMERIC.fullmatch(node.value.strip()))
    )


def _texts():
    return {str(n) for n in ALLOWED}


@pytest.mark.parametrize("room", ROOMS)
def test_the_room_holds_no_number_of_the_law(room, repository):
    found = {
        f"{path.relative_to(repository)}:{line} {text}"
        for path in (repository / "rdcredit" / room).rglob("*.py")
        for line, text in literals(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("snippet", "seen"),
    [
        ("rate = 0.14", "0.14"),
        ("cap = 3 * share", "3"),
        ('rate = Decimal("0.14")', "0.14"),
        ('rate = decimal.Decimal("0.65")', "0.65"),
        ('part = Fraction("1/6")', "1/6"),
        ("part = Fraction(1, 6)", "6"),
        ("limit = 1_500_000", "1500000"),
        ("if share >= 0.8: pass", "0.8"),
        ("rows[-2 - 1:7]", "7"),
        ("def f(year=2018): ...", "2018"),
        ("x = 1.0", "1.0"),
        ('x = int("50")', "50"),
        ("day = date(2025, 12, 31)", "2025"),
    ],
)
def test_a_planted_number_is_seen(snippet, seen):
    assert seen in [text for _, text in literals(snippet)]


@pytest.mark.parametrize(
    "snippet",
    [
        "x = qre * 365 / 12 + 1 - 2 + 0",
        "last = years[-1]",
        "for i, x in enumerate(rows, start=1): ...",
        'words("name", "name", width=34)',
        "flag = True",
        'label = "80 percent rule of 41(c)(4)"',
        'Fraction("0")',
        "parts = rows[:-1]",
    ],
)
def test_arithmetic_positions_and_words_are_not_seen(snippet):
    assert literals(snippet) == []
