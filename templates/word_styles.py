# ruff: noqa: INP001 - scripts beside the template they write, not a package
"""How the study looks: fonts, headings, tables, numbering."""

from __future__ import annotations

from word_parts import DECLARATION, INK, LINE, NAMESPACES, QUIET, TITLE

FONT, FALLBACK, MONO = "Calibri", "Carlito", "Courier New"


def _style(
    style_id: str, name: str, *, based: str = "Normal", following: str = "", paragraph: str = "", look: str = ""
) -> str:
    after = f'<w:next w:val="{following}"/>' if following else ""
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    inside = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    face = f"<w:rPr>{look}</w:rPr>" if look else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>{base}{after}<w:qFormat/>'
        f"{inside}{face}</w:style>"
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _space(before: int, after: int, line: int = 259) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _colour(colour: str) -> str:
    return f'<w:color w:val="{colour}"/>'


_KEEP = "<w:keepNext/><w:keepLines/>"
_RIGHT = '<w:jc w:val="right"/>'


def _edge(side: str, size: int, colour: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def _outline(level: int) -> str:
    return f'<w:outlineLvl w:val="{level}"/>'


def _numbered(level: int, list_id: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def styles() -> str:
    """The styles part."""
    cell = _space(30, 30, 240)
    all_styles = (
        _style("Title", "Title", paragraph=_space(120, 120, 240), look=f"<w:b/>{_colour(TITLE)}{_size(60)}"),
        _style("Subtitle", "Subtitle", paragraph=_space(0, 60, 240), look=f"{_colour(INK)}{_size(32)}"),
        _style("Firm", "Firm", paragraph=_space(1800, 240), look=f"{_colour(QUIET)}{_size(24)}"),
        _style("StatusBox", "Status box", paragraph=f'{_space(360, 360)}<w:ind w:left="120" w:right="120"/>',
               look=f"<w:b/>{_size(24)}"),
        _style("Heading1", "heading 1", following="Normal",
               paragraph=f"{_KEEP}<w:pageBreakBefore/>{_numbered(0, 1)}{_space(0, 180, 240)}{_outline(0)}",
               look=f"<w:b/>{_colour(TITLE)}{_size(36)}"),
        _style("Heading1Next", "heading 1, same page", based="Heading1", following="Normal",
               paragraph=f'{_KEEP}<w:pageBreakBefore w:val="0"/>{_space(520, 180, 240)}'),
        _style("Heading2", "heading 2", following="Normal",
               paragraph=f"{_KEEP}{_numbered(1, 1)}{_space(300, 100, 240)}{_outline(1)}",
               look=f"<w:b/>{_colour(TITLE)}{_size(26)}"),
        _style("Heading3", "heading 3", following="Normal",
               paragraph=f"{_KEEP}{_space(220, 80, 240)}{_outline(2)}",
               look=f"<w:b/>{_colour(INK)}{_size(22)}"),
        _style("Appendix", "Appendix heading", based="Heading1", following="Normal",
               paragraph=f"{_KEEP}{_numbered(0, 3)}"),
        _style("AppendixNext", "Appendix heading, same page", based="Appendix", following="Normal",
               paragraph=f'{_KEEP}<w:pageBreakBefore w:val="0"/>{_space(360, 120, 240)}'),
        _style("ContentsTitle", "Contents title", following="Normal",
               paragraph=f"<w:pageBreakBefore/>{_space(0, 180, 240)}", look=f"<w:b/>{_colour(TITLE)}{_size(36)}"),
        _style("TOC1", "toc 1", paragraph=_space(70, 20, 240)),
        _style("TOC2", "toc 2", paragraph=f'{_space(10, 10, 240)}<w:ind w:left="480"/>', look=_colour(QUIET)),
        _style("Contents1", "Contents line", based="TOC1", paragraph=_numbered(0, 2)),
        _style("Contents2", "Contents line, second level", based="TOC2", paragraph=_numbered(1, 2)),
        _style("ContentsAppendix", "Contents line, appendix", based="TOC1", paragraph=_numbered(0, 4)),
        _style("Lead", "Lead", paragraph=_space(0, 200), look=_size(24)),
        _style("ListBullet", "List Bullet", paragraph=f"{_numbered(0, 5)}{_space(0, 60)}<w:contextualSpacing/>"),
        _style("OpenPoint", "Open point",
               paragraph=f"<w:pBdr>{_edge('left', 24, 'D9822B', 6)}</w:pBdr>"
               f'<w:shd w:val="clear" w:color="auto" w:fill="FFF6E5"/>{_space(60, 60)}<w:ind w:left="160"/>'),
        _style("Quiet", "Quiet", look=f"{_colour(QUIET)}{_size(18)}"),
        _style("TableText", "Table text", paragraph=cell, look=_size(18)),
        _style("TableLabel", "Table label", based="TableText", look=f"<w:b/>{_colour(TITLE)}"),
        _style("TableQuiet", "Table, quiet", based="TableText", look=f"{_colour(QUIET)}{_size(16)}"),
        _style("TableNumber", "Table number", based="TableText", paragraph=_RIGHT),
        _style("TableHead", "Table heading", based="TableText", paragraph="<w:keepNext/>",
               look=f"<w:b/>{_colour(TITLE)}"),
        _style("TableHeadNumber", "Table heading of numbers", based="TableHead", paragraph=_RIGHT),
        _style("TableCode", "Table code", based="TableText",
               look=f'<w:rFonts w:ascii="{MONO}" w:hAnsi="{MONO}" w:cs="{MONO}"/>{_size(15)}'),
        _style("AfterTable", "After table", paragraph=_space(0, 80, 120), look=_size(8)),
        _style("Header", "header", paragraph=_space(0, 20, 240), look=f"{_colour(QUIET)}{_size(17)}"),
        _style("Footer", "footer", paragraph=_space(0, 0, 240), look=f"{_colour(QUIET)}{_size(15)}"),
    )  # fmt: skip
    normal = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>{_colour(INK)}{_size(21)}'
        f'<w:lang w:val="en-US"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{_space(0, 120)}</w:pPr></w:pPrDefault></w:docDefaults>"
        f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        f'<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        f'<w:name w:val="Default Paragraph Font"/></w:style>'
    )
    borders = f"{_edge('top', 8, TITLE)}{_edge('bottom', 8, TITLE)}{_edge('insideH', 4, LINE)}"
    grid = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/>'
        '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="StudyTable"><w:name w:val="Study table"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style>"
    )
    return f"{DECLARATION}<w:styles {NAMESPACES}>{normal}{''.join(all_styles)}{grid}</w:styles>"


def _level(number: int, text: str, *, kind: str = "decimal", style: str = "", indent: int = 0, hang: int = 0) -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    font = '<w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri" w:hint="default"/></w:rPr>'
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{linked}<w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent + hang}" w:hanging="{hang}"/></w:pPr>{font}</w:lvl>'
    )


def numbering() -> str:
    """The lists: chapters and appendices, each once for headings and once for the contents, and bullets."""
    lists = (
        _level(0, "%1", style="Heading1", hang=560) + _level(1, "%1.%2", style="Heading2", hang=680),
        _level(0, "%1", style="Contents1", hang=480) + _level(1, "%1.%2", style="Contents2", indent=480, hang=600),
        _level(0, "Appendix %1:", kind="upperLetter", style="Appendix", hang=0),
        _level(0, "Appendix %1:", kind="upperLetter", style="ContentsAppendix", hang=0),
        _level(0, "\u2022", kind="bullet", indent=160, hang=240),
    )
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{i}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for i, levels in enumerate(lists)
    )
    used = "".join(f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(len(lists)))
    return f"{DECLARATION}<w:numbering {NAMESPACES}>{abstract}{used}</w:numbering>"


def fonts() -> str:
    """The fonts and what stands in for them."""
    return (
        f'{DECLARATION}<w:fonts {NAMESPACES}><w:font w:name="{FONT}"><w:altName w:val="{FALLBACK}"/>'
        f'<w:family w:val="swiss"/></w:font><w:font w:name="{MONO}"><w:altName w:val="Liberation Mono"/>'
        '<w:family w:val="modern"/></w:font></w:fonts>'
    )


def settings() -> str:
    """Settings of the document."""
    return (
        f'{DECLARATION}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )


__all__ = ["fonts", "numbering", "settings", "styles"]
