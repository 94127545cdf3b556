"""A template can print, repeat and choose; whatever else it tries is refused, wherever it stands."""

import pytest
from narrative_docx import small_template, text

from rdcredit.errors import Exit, Refused
from rdcredit.render.templating import Number, Shown, render_docx

PAYLOADS = {
    "globals of a helper": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "another helper": "{{ joiner.__init__.__globals__['os'].system('id') }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "namespace": "{{ namespace.__init__.__globals__ }}",
    "class of a text": "{{ cover.__class__.__mro__ }}",
    "class of a literal": "{{ ''.__class__.__mro__.__getitem__(1).__subclasses__() }}",
    "class of a tuple": "{{ ().__class__ }}",
    "attr filter": "{{ cover|attr('__class__') }}",
    "attr filter on format": "{{ ('{0.__class__}'|attr('format'))(cover) }}",
    "format called": "{{ '{0.__class__.__init__.__globals__}'.format(cover) }}",
    "format_map": "{{ '{a.__class__}'.format_map({'a': cover}) }}",
    "stored format": "{% set f = '{0.__class__}'.format %}{{ f(cover) }}",
    "format filter": "{{ '%s'|format(cover) }}",
    "map with an attribute": "{{ [cover]|map(attribute='__class__')|list }}",
    "index": "{{ cover['__class__'] }}",
    "built-in method": "{{ cover.taxpayer.upper() }}",
    "method without a call": "{{ cover.taxpayer.upper }}",
    "the template itself": "{{ self.__init__.__globals__ }}",
    "the context": "{{ self._TemplateReference__context }}",
    "loop inside": "{% for x in rows %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "loop called": "{% for x in rows %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "recursion": "{% for x in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "range": "{{ range(99999999) }}",
    "large power": "{{ 9**9**9 }}",
    "long text": "{{ 'a'*99999999 }}",
    "arithmetic on a figure": "{{ amount + amount }}",
    "negative figure": "{{ -amount }}",
    "number in a placeholder": "{{ 412000 }}",
    "number in a quoted placeholder": "{{ '412,000' }}",
    "value behind a number": "{{ amount.value }}",
    "whole record": "{{ cover }}",
    "escaping switched off": "{% autoescape false %}{{ cover.taxpayer }}{% endautoescape %}",
    "safe filter": "{{ cover.taxpayer|safe }}",
    "default filter": "{{ nothing|default('0') }}",
    "xmlattr filter": "{{ {'a b': 'c'}|xmlattr }}",
    "macro": "{% macro m() %}x{% endmacro %}{{ m() }}",
    "call block": "{% call cover.taxpayer() %}x{% endcall %}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "assignment": "{% set cover = rows %}",
    "private name": "{{ _secret }}",
}
INCLUSIONS = {
    "up and out": "{% include '../../etc/passwd' %}",
    "absolute": "{% include '/etc/passwd' %}",
    "name with braces": "{% include '{{7}}.docx' %}",
    "ignored when missing": "{% include 'x' ignore missing %}",
    "computed name": "{% include cover.taxpayer %}",
    "import": "{% import 'helpers' as h %}",
    "from import": "{% from 'helpers' import h %}",
    "extends": "{% extends 'base' %}",
}
PLACES = ("body", "header", "cell", "title")


class Cover(Shown):
    __slots__ = ("taxpayer",)
    __dataclass_fields__ = {"taxpayer": None}  # noqa: RUF012 - stands for a dataclass

    def __init__(self, taxpayer):
        self.taxpayer = taxpayer


def context(taxpayer="R&D <Labs>"):
    return {"cover": Cover(taxpayer), "rows": ("a", "b"), "amount": Number("41,230", "s41.x (supported)"), "yes": True}


def render(tmp_path, **places):
    template = small_template(tmp_path / "t.docx", **places)
    out = tmp_path / "out.docx"
    printed = render_docx(template, "templates/study.docx", context(), out)
    return out, printed


def spread(payloads):
    """Every payload in the body, and in one other place by turns."""
    body = [pytest.param(payload, "body", id=f"{name}, body") for name, payload in payloads.items()]
    turns = [(name, payload, PLACES[1:][i % 3]) for i, (name, payload) in enumerate(payloads.items())]
    return body + [pytest.param(payload, place, id=f"{name}, {place}") for name, payload, place in turns]


@pytest.mark.parametrize(("payload", "place"), spread(PAYLOADS))
def test_what_is_not_in_the_small_language_is_refused_for_safety(payload, place, tmp_path):
    if "nothing" in payload:
        payload = payload.replace("nothing", "cover.taxpayer")
    with pytest.raises(Refused) as refused:
        render(tmp_path, **{place: payload})
    (problem,) = refused.value.problems
    assert problem.code == "E685", problem
    assert problem.exit_code() is Exit.SAFETY
    assert problem.place.startswith("templates/study.docx, ")
    wanted = {"body": "body", "cell": "body", "header": "header", "title": "document properties"}[place]
    assert problem.place.partition(", ")[2].startswith(wanted)
    assert not (tmp_path / "out.docx").exists()


@pytest.mark.parametrize(("payload", "place"), spread(INCLUSIONS))
def test_a_template_takes_in_no_other_file(payload, place, tmp_path):
    with pytest.raises(Refused) as refused:
        render(tmp_path, **{place: payload})
    assert [p.code for p in refused.value.problems] == ["E694"]


def test_the_message_names_the_paragraph(tmp_path):
    with pytest.raises(Refused) as refused:
        render(tmp_path, body="Prepared for {{ cover.__class__ }} by us")
    assert 'the internal name __class__ in "Prepared for {{ cover.__class__ }} by us"' in refused.value.problems[0].what


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("name", "fix"),
    [("covr.taxpayer", '"cover"'), ("cover.tax_payer", '"taxpayer"'), ("zzz", "use one of: amount, cover, rows, yes")],
)
def test_an_undefined_name_is_refused_with_the_nearest_one(name, fix, place, tmp_path):
    with pytest.raises(Refused) as refused:
        render(tmp_path, **{place: f"For {{{{ {name} }}}}"})
    (problem,) = refused.value.problems
    assert problem.code == "E689"
    assert fix in problem.fix
    assert name in problem.what


def test_an_undefined_name_is_found_in_a_branch_that_is_not_taken(tmp_path):
    with pytest.raises(Refused) as refused:
        render(tmp_path, body="{% if yes %}a{% else %}{{ nothing }}{% endif %}")
    assert refused.value.problems[0].code == "E689"


@pytest.mark.parametrize("text_", ["{% if yes %}never closed", "{% endfor %}", "{{ cover. }}", "{{ yes | }}"])
def test_a_placeholder_that_cannot_be_read_is_refused(text_, tmp_path):
    with pytest.raises(Refused) as refused:
        render(tmp_path, body=text_)
    assert [p.code for p in refused.value.problems] == ["E690"]


def test_a_loop_that_tears_the_document_apart_is_refused_rather_than_repaired(tmp_path):
    with pytest.raises(Refused) as refused:
        render(tmp_path, body="{%p for row in rows %}", cell="{%p endfor %}")
    assert [p.code for p in refused.value.problems] == ["E690"]


def test_nesting_beyond_reason_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        render(tmp_path, body="{{ " + "(" * 3000 + "yes" + ")" * 3000 + " }}")
    assert [p.code for p in refused.value.problems] == ["E690"]


def test_a_placeholder_split_over_runs_is_repaired(tmp_path):
    out, _ = render(tmp_path, runs=("{", "{ cover.", "taxp", "ayer }", "}"))
    assert "R&D <Labs>" in text(out)


def test_values_print_as_they_are_and_are_collected(tmp_path):
    out, printed = render(tmp_path, body="{{ cover.taxpayer }}: {{ amount }}", header="{{ cover.taxpayer|upper }}")
    assert "R&D <Labs>: 41,230" in text(out)
    assert "R&D <LABS>" in text(out, "header")
    assert printed == ("R&D <Labs>", "41,230", "R&D <LABS>")


@pytest.mark.parametrize(
    "value",
    [
        "{{ 7*7 }}", "{% include 'x' %}", "{_{ cover.taxpayer }_}", "}}{{", "<w:p/>", "</w:t></w:r><w:r><w:t>x",
        "=cmd|' /C calc'!A0", "&lt;b&gt;", "a ]]> b", "&#65;", "\u00e9\u4e2d\U0001f600",
    ],
)  # fmt: skip
def test_a_value_is_never_read_as_a_placeholder_or_as_markup(value, tmp_path):
    template = small_template(tmp_path / "t.docx", body="[{{ cover.taxpayer }}]", header="({{ cover.taxpayer }})")
    render_docx(template, "t", context(value), tmp_path / "out.docx")
    assert f"[{value}]" in text(tmp_path / "out.docx")
    assert f"({value})" in text(tmp_path / "out.docx", "header")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\x0bb", "a\\u000bb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\x07b", "a\\u0007b"),
        ("a\x00b", "a\\u0000b"),
        ("a\nb", "a b"),
    ],
)
def test_characters_that_hide_or_turn_the_text_are_written_out(value, shown, tmp_path):
    template = small_template(tmp_path / "t.docx", body="[{{ cover.taxpayer }}]")
    render_docx(template, "t", context(value), tmp_path / "out.docx")
    assert f"[{shown}]" in text(tmp_path / "out.docx")
