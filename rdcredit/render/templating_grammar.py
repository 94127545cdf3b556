"""The small language of the Word templates: print a value, repeat, choose. Nothing else is compiled.

A template comes with a study folder, so it is read like any other input: what is not in the closed
set below (calls, arithmetic, indexing, assignments, blocks, includes) is refused before it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jinja2 import nodes
from jinja2.exceptions import SecurityError, UndefinedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FILTERS = frozenset({"upper", "lower"})
"""Filters a template may use."""
_MOST_NESTED_LOOPS = 3
_INCLUSIONS = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.CondExpr, nodes.Filter,
)  # fmt: skip
_WORDS: dict[type[nodes.Node], str] = {
    nodes.Call: "a call",
    nodes.Getitem: "an index in brackets",
    nodes.Macro: "a macro",
    nodes.CallBlock: "a call block",
    nodes.Block: "a block",
    nodes.Assign: "an assignment",
    nodes.AssignBlock: "an assignment",
    nodes.ScopedEvalContextModifier: "a change of the escaping rule",
    nodes.BinExpr: "arithmetic",
    nodes.UnaryExpr: "arithmetic",
    nodes.Concat: "joining texts with ~",
    nodes.Test: "a test with is",
    nodes.FilterBlock: "a filter block",
}


class NotAllowed(SecurityError):
    """The template uses something outside its language; ``what`` names it, ``lineno`` says where."""

    def __init__(self, what: str, lineno: int | None = None) -> None:
        super().__init__(what)
        self.what, self.lineno = what, lineno


class LeavesFolder(NotAllowed):
    """The template asks for another file."""


class UnknownName(UndefinedError):
    """The template names a value that does not exist; ``known`` are the names there are."""

    def __init__(self, name: str, known: Collection[str], lineno: int | None = None, owner: str = "") -> None:
        super().__init__(name)
        self.name, self.known, self.lineno, self.owner = name, tuple(known), lineno, owner


def check_grammar(tree: nodes.Template, roots: Collection[str]) -> None:
    """Refuse a parsed template that is not of the small language, or names a value that is not in ``roots``.

    Raises:
        NotAllowed: something outside the closed set.
        LeavesFolder: an include, an import or an inheritance.
        UnknownName: a name neither in ``roots`` nor that of an enclosing loop.
    """
    for node in _walk(tree):
        _check_node(node)
    _check_names(tree, frozenset(), roots, 0)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _check_node(node: nodes.Node) -> None:
    if isinstance(node, _INCLUSIONS):
        wanted = getattr(node, "template", None)
        name = wanted.value if isinstance(wanted, nodes.Const) else "another template"
        raise LeavesFolder(f"takes in {name}", node.lineno)
    if not isinstance(node, _ALLOWED):
        _refuse(next((words for kind, words in _WORDS.items() if isinstance(node, kind)), type(node).__name__), node)
    match node:
        case nodes.Name(name=name) | nodes.Getattr(attr=name) if name.startswith("_"):
            _refuse(f"the internal name {name}", node)
        case nodes.Filter(name=name) if name not in FILTERS or node.args or node.kwargs:
            _refuse(f"the filter {name}", node)
        case nodes.Const(value=value) if _holds_number(value):
            _refuse("a number written into a placeholder", node)
        case nodes.For(recursive=True):
            _refuse("a loop that calls itself", node)
        case _:
            return


def _holds_number(value: object) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    return not isinstance(value, str) or any(c.isdigit() for c in value)


def _refuse(what: str, node: nodes.Node) -> NoReturn:
    raise NotAllowed(what, node.lineno)


def _check_names(node: nodes.Node, inner: frozenset[str], roots: Collection[str], loops: int) -> None:
    if isinstance(node, nodes.Name):
        if node.name not in inner and node.name not in roots:
            raise UnknownName(node.name, sorted({*roots, *inner}), node.lineno)
        return
    if isinstance(node, nodes.For):
        _check_loop(node, inner, roots, loops + 1)
        return
    for child in node.iter_child_nodes():
        _check_names(child, inner, roots, loops)


def _check_loop(node: nodes.For, inner: frozenset[str], roots: Collection[str], loops: int) -> None:
    if not isinstance(node.target, nodes.Name):
        _refuse("a loop over several names at once", node)
    if loops > _MOST_NESTED_LOOPS:
        _refuse(f"loops nested more than {_MOST_NESTED_LOOPS} deep", node)
    _check_names(node.iter, inner, roots, loops)
    within = inner | {node.target.name, "loop"}
    for child in (*([node.test] if node.test is not None else []), *node.body):
        _check_names(child, within, roots, loops)
    for child in node.else_:
        _check_names(child, inner, roots, loops)
