"""The set of operations is closed, and each has a value, a formula and a sentence."""

import inspect
from dataclasses import dataclass

import pytest
from support.graphs import EXAMPLES, Example, amount, readings_of

from rdcredit.figure import expression, scalar, schedule
from rdcredit.figure.apply import UnknownOperation
from rdcredit.figure.evaluate import Evaluation
from rdcredit.figure.expression import OPERATIONS, Expr
from rdcredit.figure.value import Known


def defined_operations():
    """Every expression class of the figure room's modules, by looking at them."""
    return {
        found
        for module in (expression, scalar, schedule)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Expr) and found is not Expr
    }


def lacking_a_reading(operations):
    """Operations without an example, or whose example has no value, formula or sentence."""
    found = []
    for operation in operations:
        if operation not in EXAMPLES:
            found.append(operation.__name__)
            continue
        example = EXAMPLES[operation]()
        try:
            readings = readings_of(example)
        except UnknownOperation:
            found.append(operation.__name__)
            continue
        if not (readings.value == Known(example.value) and readings.formula and readings.sentence):
            found.append(operation.__name__)
    return found


def test_the_list_of_operations_names_every_expression_class_there_is():
    assert set(OPERATIONS) == defined_operations()
    assert len(OPERATIONS) == len(set(OPERATIONS))


def test_every_operation_has_a_value_a_formula_and_a_sentence():
    assert lacking_a_reading(OPERATIONS) == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.__name__)
def test_the_example_of_the_operation_has_its_value(operation):
    example = EXAMPLES[operation]()
    assert readings_of(example).value == Known(example.value)


@dataclass(frozen=True, slots=True, eq=False)
class Halve(Expr):
    """An operation somebody adds without teaching the readers about it."""

    operand: Expr


def test_an_added_operation_without_readings_is_noticed(monkeypatch):
    monkeypatch.setitem(EXAMPLES, Halve, lambda: Example(Halve(amount("2")), value=1))
    assert lacking_a_reading((*OPERATIONS, Halve)) == ["Halve"]
    monkeypatch.delitem(EXAMPLES, Halve)
    assert lacking_a_reading((*OPERATIONS, Halve)) == ["Halve"]


def test_an_operation_outside_the_closed_set_has_no_value():
    with pytest.raises(UnknownOperation, match="Halve"):
        Evaluation().value(Halve(amount("2")))


def test_the_readers_of_formulas_and_sentences_refuse_it_too():
    from support.graphs import line, tabs_of

    from rdcredit.figure.formula import formula
    from rdcredit.figure.sentence import _Reader
    from rdcredit.figure.view import View
    from rdcredit.render.layout import At, lay_out

    figures, operand = Evaluation(), line(amount("2"))
    layout = lay_out(tabs_of([operand]), figures)
    with pytest.raises(UnknownOperation):
        formula(line(Halve(operand)), View.SUPPORTED, At(layout, "T"))
    with pytest.raises(UnknownOperation):
        _Reader(figures, View.SUPPORTED).read(Halve(operand))


def test_a_leaf_has_a_cell_but_no_formula_of_its_own():
    from support.graphs import tabs_of

    from rdcredit.figure.formula import formula
    from rdcredit.figure.view import View
    from rdcredit.render.layout import At, lay_out

    stated = amount("2")
    layout = lay_out(tabs_of([stated]), Evaluation())
    with pytest.raises(UnknownOperation):
        formula(stated, View.SUPPORTED, At(layout, "T"))
