"""The Word package from outside: its parts read safely, its paragraphs as text, its properties set by us.

A document's package is a zip of XML parts. Parts are parsed without entities or network, and a
declared document type is refused before anything else looks at them. Imports lxml; loaded late.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lxml import etree

from rdcredit.render.package import rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORDPROCESSING = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MOST_PARTS, _MOST_BYTES = 500, 64 << 20
_CREATOR = "rdcredit"


class BrokenPackage(ValueError):
    """The file is not a package that can be read safely; the message says why."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A pointer from one part to another part or to something outside."""

    owner: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a document: bytes of each, and the root element of those that are XML."""

    parts: Mapping[str, bytes]
    roots: Mapping[str, etree._Element]
    content_types: Mapping[str, str]

    def relationships(self) -> Iterator[Relationship]:
        """Every relationship of every part; ``kind`` is the last word of its type."""
        for name, root in self.roots.items():
            if name.endswith(".rels"):
                for found in root.iter(f"{{{_RELS}}}Relationship"):
                    yield Relationship(
                        name,
                        found.get("Type", "").rpartition("/")[2],
                        found.get("Target", ""),
                        found.get("TargetMode", "").casefold() == "external",
                    )

    def word_parts(self, *kinds: str) -> Iterator[tuple[str, etree._Element]]:
        """Name and root of the parts of these kinds (``document.main``, ``header``, ``footer``, ``footnotes``)."""
        wanted = {f"{_WORDPROCESSING}{kind}+xml" for kind in kinds}
        for name, root in self.roots.items():
            if self.content_types.get(name) in wanted:
                yield name, root


def read_package(path: Path) -> Package:
    """All parts of a Word document.

    Raises:
        BrokenPackage: not a zip, too large, a part twice or outside the package, a part that is not
            well-formed XML or declares a document type.
    """
    try:
        with zipfile.ZipFile(path) as package:
            parts = _parts(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BrokenPackage(f"it is not a Word document ({error})") from None
    if "[Content_Types].xml" not in parts:
        raise BrokenPackage("it is not a Word document (it has no list of content types)")
    roots = {name: _root(name, data) for name, data in parts.items() if name.endswith((".xml", ".rels", ".vml"))}
    return Package(parts, roots, _content_types(roots["[Content_Types].xml"], parts))


def _parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    infos = package.infolist()
    names = [i.filename for i in infos]
    if len(names) > _MOST_PARTS or sum(i.file_size for i in infos) > _MOST_BYTES:
        raise BrokenPackage("it is too large for a document")
    if len({n.casefold() for n in names}) != len(names):
        raise BrokenPackage("it holds two parts of one name")
    for name in names:
        if name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") or ":" in name:
            raise BrokenPackage("it holds a part outside the document")
    return {i.filename: package.read(i) for i in infos if not i.is_dir()}


def _root(name: str, data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BrokenPackage(f"its part {name} cannot be read ({error.msg})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BrokenPackage(f"its part {name} declares a document type")
    return root


def _content_types(root: etree._Element, parts: Mapping[str, bytes]) -> dict[str, str]:
    defaults = {e.get("Extension", "").casefold(): e.get("ContentType", "") for e in root.iter(f"{{{_TYPES}}}Default")}
    own = {e.get("PartName", "").lstrip("/"): e.get("ContentType", "") for e in root.iter(f"{{{_TYPES}}}Override")}
    return {name: own.get(name) or defaults.get(name.rpartition(".")[2].casefold(), "") for name in parts}


# -- text -----------------------------------------------------------------------------------------


def paragraphs(root: etree._Element) -> Iterator[str]:
    """The text of each paragraph, what stands in its text boxes left to their own paragraphs."""
    for paragraph in root.iter(f"{{{W}}}p"):
        yield "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{{{W}}}t":
            yield child.text or ""
        elif child.tag in {f"{{{W}}}tab", f"{{{W}}}br", f"{{{W}}}cr"}:
            yield " "
        elif child.tag != f"{{{W}}}p":
            yield from _pieces(child)


# -- the finished document ------------------------------------------------------------------------

_CORE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title><dc:subject>{subject}</dc:subject>\
<dc:creator>{creator}</dc:creator><cp:lastModifiedBy>{creator}</cp:lastModifiedBy><cp:revision>1</cp:revision>\
<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified></cp:coreProperties>
"""
_APP = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>rdcredit</Application></Properties>
"""
_PROPERTIES = {"core-properties": "core", "extended-properties": "app"}


def set_properties(path: Path, title: str, subject: str, day: date) -> None:
    """Give the document properties of its own, whatever the template's were, and fixed times and order."""
    texts = {
        "core": _CORE.format(title=escape(title), subject=escape(subject), creator=_CREATOR, day=day.isoformat()),
        "app": _APP,
    }
    package = read_package(path)
    homes = {r.target.lstrip("/"): texts[_PROPERTIES[r.kind]] for r in package.relationships() if r.kind in _PROPERTIES}
    rewrite(path, lambda name, data: homes[name].encode() if name in homes else data)
