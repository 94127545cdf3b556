"""Word templates: a placeholder language that can print what it is given, and nothing else.

docxtpl's own environment would execute code found in a template, so it is always given this one:
immutable sandbox, escaping on, no undefined names, no globals, no calls, and output of texts and
:class:`Number` records alone. Imports docxtpl and lxml; loaded late.
"""

from __future__ import annotations

import difflib
import re
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

from docxtpl import DocxTemplate
from jinja2 import BaseLoader, StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from rdcredit.errors import Problem, Refused
from rdcredit.render.templating_grammar import FILTERS, LeavesFolder, NotAllowed, UnknownName, check_grammar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, MutableMapping
    from fractions import Fraction
    from pathlib import Path

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TAG = re.compile(r"<[^>]+>")
_CUT = 120
_LOOP_WORDS = frozenset({"first", "last"})


class Shown:
    """A record whose fields a template may read; nothing else about it can be reached."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Number(Shown):
    """A number as it is printed, with what it is: a figure's id and view, or a selection of the ledger."""

    text: str
    source: str
    value: Fraction | None = None
    is_missing: bool = False

    def __str__(self) -> str:
        return self.text


def visible(text: str) -> str:
    """Text as a document may hold it: characters that hide or turn the text are written out."""
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text.replace("\r\n", "\n"))


class _NoFiles(BaseLoader):
    """Templates stand alone: nothing is ever loaded by name."""

    def get_source(self, environment: object, template: str) -> NoReturn:  # noqa: ARG002 - the interface
        raise LeavesFolder(f"takes in {template}")


class StudyEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox of one rendering; ``printed`` collects every text it put out."""

    def __init__(self, roots: Collection[str]) -> None:
        super().__init__(
            autoescape=True, undefined=StrictUndefined, loader=_NoFiles(), finalize=self._put_out, cache_size=0
        )
        self.roots = frozenset(roots)
        self.printed: list[str] = []
        self.source = ""
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: self.filters[name] for name in sorted(FILTERS)}

    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - the interface
        template_class: type[Template] | None = None,
    ) -> Template:
        """A template out of source text, if it is of the small language.

        Raises:
            TemplateError: it is not, or cannot be read.
        """
        self.source = source if isinstance(source, str) else ""
        tree = self.parse(source) if isinstance(source, str) else source
        check_grammar(tree, self.roots)
        return super().from_string(tree, globals, template_class)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a record, or the place in a loop.

        Raises:
            UnknownName: the record has no such field.
            NotAllowed: the value is not a record.
        """
        if isinstance(obj, Shown):
            known = tuple(obj.__dataclass_fields__)
            if attribute in known:
                return getattr(obj, attribute)
            raise UnknownName(attribute, known, owner=type(obj).__name__.lower())
        if isinstance(obj, LoopContext) and attribute in _LOOP_WORDS:
            return getattr(obj, attribute)
        if isinstance(obj, Undefined):
            return getattr(obj, attribute)
        raise NotAllowed(f"the inside of a value (.{attribute})")

    def getitem(self, obj: Any, argument: Any) -> NoReturn:  # noqa: ARG002 - the interface
        """Nothing is reached by index."""
        raise NotAllowed("an index in brackets")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002 - the interface
        """Only fields of records are."""
        return isinstance(obj, Shown) and attr in obj.__dataclass_fields__

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002 - the interface
        """Nothing is called."""
        return False

    def _put_out(self, value: object) -> Markup:
        if isinstance(value, Undefined):
            str(value)  # raises
        if not isinstance(value, str | Number):
            raise NotAllowed(f"printing something that is neither a text nor a bound number ({type(value).__name__})")
        text = visible(str(value))
        self.printed.append(text)
        # Braces become character references, so that no later step takes a value for a placeholder.
        return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704 - escaped here


class _CheckedTemplate(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """docxtpl, refusing what its forgiving parser would silently drop."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        return super().fix_tables(xml)


def render_docx(template: Path, place: str, context: Mapping[str, object], out: Path) -> tuple[str, ...]:
    """Fill the template (already inspected) and save the document; the texts that were printed.

    ``place`` is the template's name in messages.

    Raises:
        Refused: the template does what it may not (E685), asks for another file (E694), names a
            value that does not exist (E689) or cannot be read (E690).
    """
    environment = StudyEnvironment(context.keys())
    document = _CheckedTemplate(str(template))
    try:
        document.render(dict(context), environment, autoescape=True)
    except etree.XMLSyntaxError as error:
        raise Refused([_malformed(place, "body", f"leaves the document broken ({error.msg})", "")]) from None
    except TemplateError as error:
        raise Refused([_problem(error, place, document, environment)]) from None
    except RecursionError:
        raise Refused([_malformed(place, "body", "is nested too deeply", "")]) from None
    _drop_extras(document)
    document.save(str(out))
    return tuple(environment.printed)


def _drop_extras(document: Any) -> None:
    """Leave out the template's thumbnail and its own properties: they say who made it."""
    relationships = document.docx.part.package.rels
    for key in [k for k, r in relationships.items() if r.reltype.endswith(("/thumbnail", "/custom-properties"))]:
        del relationships[key]


# -- from errors to problems ----------------------------------------------------------------------


def _problem(error: TemplateError, place: str, document: Any, environment: StudyEnvironment) -> Problem:
    paragraph = _paragraph(environment.source, _line_of(error))
    part = _part_name(document, environment.source)
    match error:
        case LeavesFolder():
            return Problem(
                "E694", f"{place}, {part}", f"the template {error.what}{_in(paragraph)}",
                "a template that reads other files could carry them into the study.",
                "copy the text into the template and remove the instruction.",
            )  # fmt: skip
        case SecurityError():
            what = error.what if isinstance(error, NotAllowed) else str(error)
            return Problem(
                "E685", f"{place}, {part}", f"the template uses {what}{_in(paragraph)}",
                "templates may print values, repeat and choose; anything more could run code or make up a number.",
                "remove it, or start again from the template that comes with the program.",
            )  # fmt: skip
        case UndefinedError():
            return _unknown(error, f"{place}, {part}", paragraph)
        case _:
            message = error.message if isinstance(error, TemplateSyntaxError) else str(error)
            return _malformed(place, part, f"cannot be read: {message}", paragraph)


def _unknown(error: UndefinedError, place: str, paragraph: str) -> Problem:
    name = error.name if isinstance(error, UnknownName) else str(error)
    owner = f"{error.owner}." if isinstance(error, UnknownName) and error.owner else ""
    known = error.known if isinstance(error, UnknownName) else ()
    near = difflib.get_close_matches(name, known, 1, 0.5)
    fix = f'write "{near[0]}".' if near else f"use one of: {', '.join(known[:12])}."
    return Problem(
        "E689", place, f'the template names "{owner}{name}", which does not exist{_in(paragraph)}',
        "an unknown name would leave a gap where the reader expects a fact.", fix,
    )  # fmt: skip


def _malformed(place: str, part: str, what: str, paragraph: str) -> Problem:
    return Problem(
        "E690", f"{place}, {part}", f"a placeholder {what}{_in(paragraph)}",
        "a placeholder that is cut or not closed would print as text or swallow what follows it.",
        "type the placeholder again in one go, with its opening and closing braces in the same paragraph.",
    )  # fmt: skip


def _in(paragraph: str) -> str:
    return f' in "{paragraph}"' if paragraph else ""


def _line_of(error: TemplateError) -> int | None:
    line = getattr(error, "lineno", None)
    if line is not None:
        return cast("int", line)
    frames = [n for frame, n in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    return frames[-1] if frames else None


def _paragraph(source: str, line: int | None) -> str:
    """The text of the paragraph on a line of the source; docxtpl puts each paragraph on its own."""
    lines = source.split("\n")
    if line is None or not 0 < line <= len(lines):
        return ""
    text = visible(" ".join(_TAG.sub("", lines[line - 1]).split()))
    return text if len(text) <= _CUT else f"{text[:_CUT]}..."


def _part_name(document: Any, source: str) -> str:
    if "<w:" not in source:
        return "document properties"
    part = document.current_rendering_part
    name = str(getattr(part, "partname", "")).rpartition("/")[2]
    return {"document.xml": "body", "": "body"}.get(name, name.removesuffix(".xml"))


__all__ = ["Number", "Shown", "StudyEnvironment", "render_docx", "visible"]
