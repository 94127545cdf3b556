"""Word files of the tests: small templates made here, changed copies of the shipped one, text read back."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from docx import Document

from rdcredit.render.docx_package import paragraphs, read_package

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "study.docx"
VERSION = "{#p rdcredit study template, version 1 #}"


def small_template(path: Path, body="", header="", cell="", title="", runs=()) -> Path:
    """A template of a few paragraphs with something in its body, header, table or title."""
    document = Document()
    document.add_paragraph(VERSION)
    document.add_paragraph(body)
    split = document.add_paragraph()
    for run in runs:
        split.add_run(run).bold = len(split.runs) % 2 == 0
    document.add_table(1, 1).cell(0, 0).text = cell
    document.sections[0].header.paragraphs[0].text = header
    document.core_properties.title = title
    document.save(str(path))
    return path


def changed(source: Path, target: Path, edits=(), added=()) -> Path:
    """A copy of a package with texts replaced (part, old, new) and parts added (name, bytes)."""
    with zipfile.ZipFile(source) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for part, old, new in edits:
        assert old.encode() in parts[part], f"{old} is not in {part}"
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    parts.update(dict(added))
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(out.getvalue())
    return target


def own_template(folder: Path, edits=(), added=()) -> Path:
    """The templates folder of a study whose study.docx is the shipped one with changes."""
    return changed(SHIPPED, folder / "templates" / "study.docx", edits, added).parent


def texts(path: Path, *kinds: str) -> list[str]:
    package = read_package(path)
    wanted = kinds or ("document.main", "header", "footer")
    return [t for _, root in package.word_parts(*wanted) for t in paragraphs(root) if t.strip()]


def text(path: Path, *kinds: str) -> str:
    return "\n".join(texts(path, *kinds))


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def first_paragraph(markup: str) -> tuple[str, str, str]:
    """The edit that puts markup before the first paragraph of the shipped template's body."""
    return ("word/document.xml", "<w:body>", f"<w:body>{markup}")


def plain(words: str) -> str:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    return f'<w:p><w:r><w:t xml:space="preserve">{escaped}</w:t></w:r></w:p>'


def numbers(text_: str) -> list[str]:
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text_)
