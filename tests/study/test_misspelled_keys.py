"""Whatever single slip is made in whatever key, the file is refused and the right key is named."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rdcredit.study import config
from rdcredit.study.config import Study
from rdcredit.study.explain import explained
from rdcredit.study.names import nearest

MODELS = sorted(
    (
        m
        for m in vars(config).values()
        if isinstance(m, type) and issubclass(m, config._Table) and m is not config._Table
    ),
    key=lambda m: m.__name__,
)
LETTERS = string.ascii_lowercase + "_"


def slips(word):
    """Every word one slip away: a letter left out, added, changed, or swapped with the next."""
    made = {word[:i] + word[i + 1 :] for i in range(len(word))}
    made |= {word[:i] + c + word[i:] for i in range(len(word) + 1) for c in LETTERS}
    made |= {word[:i] + c + word[i + 1 :] for i in range(len(word)) for c in LETTERS}
    made |= {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return sorted(made - {word, ""})


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_the_nearest_name_of_a_table_is_the_one_that_was_misspelled(model):
    known = set(model.model_fields)
    near = {name: set(slips(name)) for name in known}
    for slip in sorted(set().union(*near.values()) - known)[::41]:
        assert nearest(slip, known) in {name for name in known if slip in near[name]}, slip


@pytest.mark.parametrize("word", ["STATUS", "tax-years", "Accounting Method", " dated "])
def test_case_dashes_and_blanks_are_no_difference(word):
    known = ["status", "tax_years", "accounting_method", "dated"]
    assert nearest(word, known) == word.strip().casefold().replace("-", "_").replace(" ", "_")


@pytest.mark.parametrize("word", ["zzz", "", "colour_of_the_logo"])
def test_a_word_like_nothing_known_gets_no_suggestion(word):
    assert nearest(word, ["status", "dated", "id"]) is None
    assert nearest(word, []) is None


@given(st.text(max_size=12), st.lists(st.text(max_size=12), unique=True, max_size=6))
def test_the_suggestion_does_not_depend_on_the_order_of_the_names(word, known):
    assert nearest(word, known) == nearest(word, sorted(known, reverse=True))
    assert nearest(word, known) in {None, *known}


def paths(value, at=()):
    """Every key of a document that a model, not the user, gives its name to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if "select" not in at and at[-1:] not in {("aliases",), ("columns",)}:
                yield (*at, key)
            yield from paths(inner, (*at, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from paths(inner, (*at, i))


def at(value, path):
    return at(value[path[0]], path[1:]) if path else value


def renamed(value, path, new):
    if isinstance(value, list):
        return [renamed(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]
    if len(path) == 1:
        return {new if key == path[0] else key: inner for key, inner in value.items()}
    return {key: renamed(inner, path[1:], new) if key == path[0] else inner for key, inner in value.items()}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_one_misspelled_key_anywhere_is_one_fault_that_names_the_right_key(study_toml, data):
    import tomllib
    from decimal import Decimal

    raw = tomllib.loads(study_toml, parse_float=Decimal)
    path = data.draw(st.sampled_from(sorted(paths(raw), key=str)))
    slip = data.draw(st.sampled_from(slips(path[-1])))
    bad = renamed(raw, path, slip)
    try:
        Study.model_validate(bad)
    except ValidationError as error:
        faults = explained(error.errors(), bad)
    else:
        pytest.fail(f"{slip} was accepted in place of {path}")
    misspelled = [fault for fault in faults if fault.code == "E501"]
    assert [fault.at for fault in misspelled] == [(*path[:-1], slip)]
    model_keys = next(
        m for m in MODELS if path[-1] in m.model_fields and set(at(bad, path[:-1])) - {slip} <= set(m.model_fields)
    )
    rivals = {key for key in model_keys.model_fields if slip in slips(key)} - set(at(bad, path[:-1]))
    assert path[-1] in rivals
    assert any(f" {key} " in misspelled[0].fix or f"[{key}]" in misspelled[0].fix for key in rivals)
    assert {fault.code for fault in faults} <= {"E501", "E503"}


WRONG = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.decimals(), st.dates(), st.datetimes(),
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_wrong_value_anywhere_is_told_in_our_words(study_toml, data):
    import re
    import tomllib
    from decimal import Decimal

    raw = tomllib.loads(study_toml, parse_float=Decimal)
    path = data.draw(st.sampled_from(sorted(paths(raw), key=str)))
    bad = replaced(raw, path, data.draw(WRONG))
    try:
        TypeAdapter(Study).validate_python(bad)
    except ValidationError as error:
        faults = explained(error.errors(), bad)
        assert faults
        for fault in faults:
            assert fault.at[: len(path)] == path or path[: len(fault.at)] == fault.at
            text = fault.problem({}).line()
            assert not re.search(r"Input should|Value error|function-|literal\[|tuple\[", text)


def replaced(value, path, new):
    if not path:
        return new
    if isinstance(value, list):
        return [replaced(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]
    return {key: replaced(inner, path[1:], new) if key == path[0] else inner for key, inner in value.items()}


def test_of_two_keys_as_near_the_one_that_is_not_stated_already_is_meant(changed):
    """One letter makes ``ind`` either ``id`` or ``kind``, and ``kind`` is there."""
    (problem,) = changed('id = "sparse-decoder"', 'ind = "sparse-decoder"')
    assert problem.fix == 'Write id in place of "ind".'
