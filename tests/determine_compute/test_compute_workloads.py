from decimal import Decimal

import pytest
from support.bills import component, group
from support.heard import bucket, determined, examined, parts_of

from rdcredit.determine.workloads import TagReader, folded_key, normalised
from rdcredit.study.config import WorkloadSettings


def subject(tags, **settings):
    return parts_of(group(tags=tags), **settings)[0].subject


def test_the_id_is_readable_and_holds_account_family_and_identity_tags():
    assert subject({"Environment": "Dev", "Project": "Atlas"}) == (
        "111122223333 | Compute | project=atlas, environment=dev"
    )


@pytest.mark.parametrize(
    "value",
    ["Atlas Two", "atlas-two", "ATLAS_TWO", " atlas.two ", "atlas\u00a0two", "at\u200blas two", "atlas\u202e-two"],
)
def test_spellings_of_one_name_are_one_workload(value):
    assert normalised(value) == "atlas-two"


def test_composed_and_decomposed_letters_are_one():
    assert normalised("cafe\u0301") == normalised("caf\u00e9")


@pytest.mark.parametrize("key", ["Project", "user:Project", "user_project", "resourceTags/user:Project", " project "])
def test_keys_are_compared_without_case_and_prefix(key):
    assert folded_key(key) == "project"


def test_a_key_named_for_its_user_is_not_a_prefix():
    assert folded_key("user") == "user"


def test_aliases_of_the_study_go_before_the_shipped_ones():
    reader = TagReader(WorkloadSettings(aliases={"project": ("kostenstelle",)}))
    assert reader.key("Kostenstelle") == "project"
    assert reader.key("env") == "environment"


def test_a_key_the_study_lists_as_identity_is_itself():
    reader = TagReader(WorkloadSettings(identity=("app", "project")))
    assert reader.key("app") == "app"


def test_evidence_tags_do_not_orphan_a_decision():
    assert subject({"project": "atlas"}) == subject({"project": "atlas", "created-by": "terraform"})


@pytest.mark.parametrize("tags", [{}, {"project": ""}, {"project": "null"}, {"project": None}, {"owner": "kim"}])
def test_untagged_is_a_workload_of_its_own_and_counted(tags):
    result = examined(group("12", tags=tags))
    assert result.parts[0].subject.endswith("| (untagged)")
    [finding] = [f for f in result.findings if f.code == "compute.untagged"]
    assert finding.dollars == Decimal(12)


def test_untagged_tax_and_support_ask_nobody_which_component_they_serve():
    result = examined(group("12", tags={}, charge_category="Tax"))
    assert [f for f in result.findings if f.code == "compute.untagged"] == []


def test_nested_and_unreadable_tags_are_kept_as_text():
    reader = TagReader(WorkloadSettings())
    assert reader.read('{"project": {"b": 1, "a": true}}').values["project"] == ('{"a":-true,-"b":-1}',)
    assert reader.read("{broken").values == {"unreadable": ("{broken",)}


def test_ids_stay_apart_where_a_value_holds_the_id_s_own_signs():
    assert subject({"project": "a, environment=dev"}) != subject({"project": "a", "environment": "dev"})


def test_spellings_are_made_one_but_shown():
    result = examined(group("5", tags={"project": "Atlas "}), group("7", tags={"project": "atlas"}))
    [finding] = [f for f in result.findings if f.code == "compute.spellings"]
    assert finding.dollars == Decimal(12)
    assert '"Atlas "' in finding.why


def test_a_homoglyph_is_flagged_and_matches_no_selector():
    name = "sp\u0430rse-decoder"  # the third letter is Cyrillic
    result = examined(group(tags={"project": name, "workload": "ablation"}))
    assert str(result.parts[0].determination.bucket) == "held:which component does this belong to"
    [problem] = result.problems
    assert (problem.code, problem.held) == ("E356", True)
    assert "Cyrillic and Latin" in problem.what
    assert "\\u0430" in problem.what


def test_a_name_in_one_foreign_alphabet_is_not_flagged():
    assert examined(group(tags={"project": "\u043f\u0440\u043e\u0435\u043a\u0442"})).problems == ()


def two_components():
    return [component(), component(id="other", name="Other", select=[{"team": "research"}])]


def test_a_workload_two_components_claim_is_held_and_names_both():
    made = determined(group(tags={"project": "sparse-decoder", "team": "research"}), components=two_components())
    assert str(made.bucket) == "held:which component does this belong to: sparse-decoder or other"


def test_two_keys_that_mean_project_and_differ_are_held_and_found():
    components = [component(), component(id="other", name="Other", select=[{"project": "other"}])]
    result = examined(group("9", tags={"project": "sparse-decoder", "Proj": "other"}), components=components)
    assert "sparse-decoder or other" in str(result.parts[0].determination.bucket)
    [finding] = [f for f in result.findings if f.code == "compute.two_values"]
    assert finding.dollars == Decimal(9)


@pytest.mark.parametrize(
    ("select", "matches"),
    [
        ([{"account": "111122223333"}], True),
        ([{"account": "111122223333", "service": "amazon elastic compute cloud"}], True),
        ([{"account": "111122223333", "service_family": "Storage"}], False),
        ([{"team": ["x", "RESEARCH"], "environment": ["dev", "experiment"]}], True),
        ([{"team": "research", "project": "x"}], False),
        ([{"project": "x"}, {"team": "research"}], True),
        ([{}], False),
        ([], False),
    ],
)
def test_a_selector_is_a_conjunction_and_its_entries_are_alternatives(select, matches):
    row = group(tags={"team": "Research", "env": "dev", "workload": "ablation"})
    assert bucket(row, components=[component(select=select)]).startswith("qualified") is matches
