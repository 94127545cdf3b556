"""Every key of a TOML text is found on the line where it is written."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from rdcredit.study.positions import key_lines, line_of

TEXT = '''\
# a comment with [brackets] and key = "value"
top = 1
[study]            # another
"quoted key" = """
[not.a.table]
nor = "a key"
"""
dotted.inner = [
  1,  # comment ]
  2,
]
[[inputs]]
path = 'a # b'
control = [{ month = "1" },
           { amount = "2" }]
[[inputs]]
path = "x\\"]="
[inputs.columns]
billed = """"quoted""""
[other]
'''


def test_keys_headers_and_blocks_are_found():
    tomllib.loads(TEXT)
    assert key_lines(TEXT) == {
        ("top",): 2,
        ("study",): 3,
        ("study", "quoted key"): 4,
        ("study", "dotted", "inner"): 8,
        ("inputs", 0): 12,
        ("inputs", 0, "path"): 13,
        ("inputs", 0, "control"): 14,
        ("inputs", 1): 16,
        ("inputs", 1, "path"): 17,
        ("inputs", 1, "columns"): 18,
        ("inputs", 1, "columns", "billed"): 19,
        ("other",): 20,
    }


def test_a_key_inside_an_inline_table_is_on_the_line_of_the_outer_one():
    lines = key_lines(TEXT)
    assert line_of(lines, ("inputs", 0, "control", 1, "amount")) == 14
    assert line_of(lines, ("inputs", 1, "missing")) == 16
    assert line_of(lines, ("nowhere",)) is None


VALUES = st.sampled_from(
    [
        "1",
        '"a = b"',
        "'[x]'",
        '"""\n[a]\nb = 1\n"""',
        "'''\nc = 2\n'''",
        "[1,\n 2]",
        "{ a = 1 }",
        '"#"',
        "[[1], [\n2]]",
        '"""x""""',
        "'''x''''",
    ]
)


@given(st.lists(VALUES, min_size=1, max_size=8), st.booleans())
def test_whatever_stands_between_the_next_key_is_on_its_line(values, windows):
    lines, text = {}, ""
    for i, value in enumerate(values):
        lines[(f"k{i}",)] = text.count("\n") + 1
        text += f"k{i} = {value} # = [ ' \" [\n"
    text = text.replace("\n", "\r\n") if windows else text
    tomllib.loads(text)
    assert key_lines(text) == lines
