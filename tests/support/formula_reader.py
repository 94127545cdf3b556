"""A small reader of Excel's grammar: computes the formulas of graphs without tables, exactly."""

import re
from fractions import Fraction
from functools import partial
from operator import add, mul, sub, truediv

_TOKEN = re.compile(r'"[^"]*"|[A-Z]+\d+|[A-Z]+|\d+|<=|>=|[-+*/(),<>=]')
_SIGNS = {"+": add, "-": sub, "*": mul, "/": truediv}
_FUNCTIONS = {
    "MIN": min,
    "MAX": max,
    "OR": lambda *operands: any(operands),
    "AND": lambda *operands: all(operands),
    "NOT": lambda operand: not operand,
}


class FormulaReader:
    """Numbers, cells, signs, comparisons, IF, OR, AND, NOT, MIN and MAX.

    Each step returns a function, so that IF reads the branch taken only.
    """

    def __init__(self, text, cells):
        self._words = _TOKEN.findall(text)
        assert "".join(self._words) == text, text
        self._cells, self._at = cells, 0

    def value(self):
        found = self._relation()
        assert self._at == len(self._words), self._words[self._at :]
        return found()

    def _next(self):
        self._at += 1
        return self._words[self._at - 1]

    def _peek(self):
        return self._words[self._at] if self._at < len(self._words) else ""

    def _relation(self):
        left = self._chain("+-", partial(self._chain, "*/", self._atom))
        if self._peek() not in {"<", ">", "=", "<=", ">="}:
            return left
        sign = self._next()
        right = self._chain("+-", partial(self._chain, "*/", self._atom))
        return lambda: _related(left(), sign, right())

    def _chain(self, signs, part):
        found = part()
        while self._peek() and self._peek() in signs:
            found = partial(_apply, _SIGNS[self._next()], found, part())
        return found

    def _atom(self):
        word = self._next()
        if word == "(":
            inner = self._relation()
            assert self._next() == ")"
            return inner
        if word.startswith('"'):
            return lambda: word.strip('"')
        if word.isdigit():
            return lambda: Fraction(int(word))
        if word in self._cells:
            return lambda: self._cells[word]
        return (lambda: word == "TRUE") if word in {"TRUE", "FALSE"} else self._call(word)

    def _call(self, name):
        assert self._next() == "("
        arguments = [self._relation()]
        while self._peek() == ",":
            self._next()
            arguments.append(self._relation())
        assert self._next() == ")"
        if name == "IF":
            return lambda: arguments[1]() if arguments[0]() else arguments[2]()
        return lambda: _FUNCTIONS[name](*(a() for a in arguments))


def _apply(operation, left, right):
    return operation(left(), right())


def _related(left, sign, right):
    if isinstance(left, str) != isinstance(right, str):
        # To Excel, any text is more than any number.
        return sign in {">", ">="} if isinstance(left, str) else sign in {"<", "<="}
    return {"<": left < right, ">": left > right, "=": left == right, "<=": left <= right, ">=": left >= right}[sign]
