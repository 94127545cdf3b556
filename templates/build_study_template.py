# ruff: noqa: INP001 - scripts beside the template they write, not a package
"""Writes ``study.docx``, the template of the Word study: ``python templates/build_study_template.py``.

The template may also be edited in Word and kept in a study's own ``templates`` folder. What it may
name stands in ``rdcredit/render/narrative_records.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from study_chapters import chapters
from word_parts import DECLARATION, NAMESPACES, TEXT_WIDTH, field, run, when, write_package
from word_styles import fonts, numbering, settings, styles

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WORD_PARTS = {"styles": "styles", "numbering": "numbering", "settings": "settings", "fontTable": "fontTable",
               "header1": "header", "footer1": "footer"}  # fmt: skip
_MARK_STYLE = (
    "position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)


def _mark() -> str:
    """The status across the page, behind the text, on everything that is not final."""
    shape_type = (
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    )
    shape = (
        '<v:shape id="StatusMark" o:spid="_x0000_s2049" type="#_x0000_t136" '
        f'style="{_MARK_STYLE.format(width=440, height=130)}" o:allowincell="f" fillcolor="#f1f3f5" stroked="f">'
        '<v:textpath style="font-family:&quot;Calibri&quot;;font-size:1pt" string="{{ status.word }}"/></v:shape>'
    )
    tiny = (
        '<w:pPr><w:pStyle w:val="Header"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'
    )
    return f"<w:p>{tiny}<w:r><w:pict>{shape_type}{shape}</w:pict></w:r></w:p>"


def _header() -> str:
    band = (
        '<w:shd w:val="clear" w:color="auto" w:fill="{{ status.colour }}"/>'
        f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs><w:spacing w:before="0" w:after="60"/>'
    )
    white = '<w:color w:val="FFFFFF"/>'
    status = (
        f'<w:p><w:pPr><w:pStyle w:val="Header"/>{band}</w:pPr>{run(" {{ status.word }}", f"<w:b/>{white}")}'
        f"<w:r><w:tab/></w:r>{run('{{ status.note }} ', white)}</w:p>"
    )
    edge = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="2" w:color="C9D2DC"/></w:pBdr>'
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    title = (
        f'<w:p><w:pPr><w:pStyle w:val="Header"/>{edge}{tabs}</w:pPr>'
        f"{run('{{ cover.taxpayer }}, {{ status.document|lower }}, taxable year {{ cover.year }}')}"
        f"<w:r><w:tab/></w:r>{run('{{ cover.dated }}')}</w:p>"
    )
    return f"{DECLARATION}<w:hdr {NAMESPACES}>{status}{title}{when('status.marked', _mark())}</w:hdr>"


def _footer() -> str:
    edge = '<w:pBdr><w:top w:val="single" w:sz="4" w:space="3" w:color="C9D2DC"/></w:pBdr>'
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    line = (
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/>{edge}{tabs}</w:pPr>'
        f"{run('{{ cover.release }}, inputs {{ cover.digest }}')}<w:r><w:tab/></w:r>{run('Page ')}{field('PAGE')}"
        f"{run(' of ')}{field('NUMPAGES')}</w:p>"
    )
    return f"{DECLARATION}<w:ftr {NAMESPACES}>{line}</w:ftr>"


def _document() -> str:
    version = '<w:p><w:r><w:t xml:space="preserve">{#p rdcredit study template, version 1 #}</w:t></w:r></w:p>'
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/>'
        '<w:footerReference w:type="default" r:id="footer1"/><w:pgSz w:w="12240" w:h="15840"/>'
        '<w:pgMar w:top="1700" w:right="1440" w:bottom="1200" w:left="1440" w:header="560" w:footer="500" '
        'w:gutter="0"/></w:sectPr>'
    )
    return f"{DECLARATION}<w:document {NAMESPACES}><w:body>{version}{chapters()}{section}</w:body></w:document>"


def _content_types() -> str:
    own = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_MAIN}.{kind}+xml"/>'
        for name, kind in {"document": "document.main", **_WORD_PARTS}.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{own}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
    )


def _relationships(entries: dict[str, tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, (kind, target) in entries.items()
    )
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def parts() -> dict[str, str]:
    """Every part of the template by its name in the package."""
    core = (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Research credit study</dc:title>'
        "<dc:creator>rdcredit</dc:creator></cp:coreProperties>"
    )
    app = (
        f'{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>rdcredit</Application></Properties>"
    )
    outer = {
        "document": (f"{_OFFICE}/officeDocument", "word/document.xml"),
        "core": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        "app": (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
    }
    inner = {name: (f"{_OFFICE}/{kind}", f"{name}.xml") for name, kind in _WORD_PARTS.items()}
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(outer),
        "docProps/app.xml": app,
        "docProps/core.xml": core,
        "word/_rels/document.xml.rels": _relationships(inner),
        "word/document.xml": _document(),
        "word/fontTable.xml": fonts(),
        "word/footer1.xml": _footer(),
        "word/header1.xml": _header(),
        "word/numbering.xml": numbering(),
        "word/settings.xml": settings(),
        "word/styles.xml": styles(),
    }


def main(target: Path) -> None:
    """Write the template."""
    write_package(target, parts())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "study.docx")
