import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdcredit.engine.tags import NO_TAGS, UNREAD, canonical_tags, tags_key


@pytest.mark.parametrize("text", ["", " ", "{}", "null", "NULL", "[]", '""'])
def test_no_tags_has_one_spelling(text):
    assert canonical_tags(text).text == NO_TAGS


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ('{"b":"1", "a":"2"}', {"a": "2", "b": "1"}),
        ('"env": "dev","team": "ml"', {"env": "dev", "team": "ml"}),
        ('{"billable": true, "owner": null, "size": 5.50}', {"billable": "true", "owner": "", "size": "5.50"}),
        ('[{"key": "team", "value": "ml"}]', {"team": "ml"}),
        ('{"a": {"z": "1", "b": ["x"]}}', {"a": '{"b":["x"],"z":"1"}'}),
        ('{" org": "x", "org": "y"}', {" org": "x", "org": "y"}),
        ('{"p": "Proj-A "}', {"p": "Proj-A "}),
    ],
)
def test_tags_become_text_values_under_sorted_keys(written, canonical):
    found = canonical_tags(written)
    assert json.loads(found.text) == canonical
    assert list(json.loads(found.text)) == sorted(canonical)
    assert not found.unread


@pytest.mark.parametrize("text", ["{bad", "just text", "[1]", '{"a": }', "5", "[" * 5000])
def test_text_that_is_no_json_object_is_kept_whole_under_a_mark(text):
    found = canonical_tags(text)
    assert found.unread
    assert json.loads(found.text) == {UNREAD: text}


def test_a_key_given_twice_keeps_both_values_and_matches_neither():
    found = canonical_tags('{"project": "b", "project": "a"}')
    assert json.loads(found.text) == {"project": "a | b"}
    assert found.repeated == ("project",)
    assert canonical_tags('{"project": "a", "project": "a"}').repeated == ()


def test_two_hundred_keys_and_half_surrogates_survive():
    many = {f"k{i}": str(i) for i in range(200)}
    assert json.loads(canonical_tags(json.dumps(many)).text) == many
    canonical_tags('{"a": "\\ud83d"}').text.encode()


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=5))
def test_canonical_tags_keep_every_key_and_value_and_are_a_fixed_point(tags):
    text = canonical_tags(json.dumps(tags)).text
    assert json.loads(text) == tags
    assert canonical_tags(text).text == text


def test_each_distinct_text_is_read_once_and_counted_in_rows():
    raw = ['{"a":"1"}', '{ "a" : "1" }', "{bad", '{"k":"1","k":"2"}']
    table, report = tags_key(pa.table({"tags": raw, "rows": [3, 4, 5, 6]}), "tags", "rows")
    assert table["tags"].to_pylist()[0] == table["tags"].to_pylist()[1]
    assert (report.unread_rows, report.unread_example) == (5, "{bad")
    assert (report.repeated_rows, report.repeated_keys) == (6, {"k"})
