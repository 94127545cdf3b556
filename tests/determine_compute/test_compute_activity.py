import pytest
from support.bills import component, group
from support.heard import bucket, determined

MET = {"meets_80_percent": "yes", "meets_80_percent_source": "time records"}
NOT_SHOWN = {"meets_80_percent": "not shown"}
PRODUCTION = "excluded:after commercial production"


def decided(tags, period="2025-03", year=2025, **changes):
    """The determination of usage tagged so, in the sample component with changes."""
    tags = {"project": "sparse-decoder"} | tags
    return determined(group(tags=tags, period=period), components=[component(**changes)], year=year)


def place(tags, period="2025-03", **changes):
    return str(decided(tags, period, **changes).bucket)


@pytest.mark.parametrize(
    "job",
    [
        "hparam-sweep-04", "lr_sweep", "LRSweep", "ablation-norm-7b", "architecture-search", "pretrain-stage1",
        "annealRun3", "proxy-model-400m", "dpo-mixture-b", "checkpoint-eval-12k", "kernel-variant-b",
    ],
)  # fmt: skip
def test_an_experiment_named_in_the_tags_of_a_component_counts(job):
    assert place({"workload": job}) == "qualified:sparse-decoder"


def test_even_a_named_experiment_waits_until_its_component_is_shown_to_meet_the_80_percent_test():
    # 41(d)(1)(C) is a test of the component, not of a row.
    assert place({"workload": "hparam-sweep-04"}, **NOT_SHOWN) == "held:does the component meet the 80 % test"
    assert place({"workload": "hparam-sweep-04"}, **MET) == "qualified:sparse-decoder"


def test_the_same_words_without_a_component_are_a_question():
    assert bucket(group(tags={"workload": "hparam-sweep"})) == "held:which component does this belong to"


@pytest.mark.parametrize(
    "job",
    [
        "train-7b",
        "finetune-v2",
        "eval",
        "benchmark",
        "exp-042",
        "dpo-run",
        "tokenize-corpus",
        "ci-runner",
        "jupyterhub",
    ],
)
def test_development_that_names_no_experiment_waits_for_the_80_percent_test(job):
    assert place({"workload": job}, **NOT_SHOWN) == "held:does the component meet the 80 % test"
    assert place({"workload": job}, **MET) == "qualified:sparse-decoder"


def test_a_development_environment_says_where_and_not_what():
    assert place({"environment": "dev"}, **NOT_SHOWN) == "held:does the component meet the 80 % test"
    assert place({"environment": "dev"}, **MET) == "qualified:sparse-decoder"


def test_nothing_in_the_tags_is_no_evidence_even_where_the_80_percent_test_is_met():
    assert place({"owner": "kim"}, **MET) == "held:is the work qualified research"


def test_a_component_stated_to_fail_the_80_percent_test_carries_no_dollar():
    assert place({"workload": "ablation"}, meets_80_percent="no") == "excluded:component fails the 80 % test"


def test_funded_and_internal_components_are_asked_about_first():
    assert place({"workload": "ablation"}, funded=True) == "held:how far is the research funded"
    assert place({"workload": "ablation"}, use="internal").startswith("held:does internal-use software")


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"workload": "nightly-etl", "environment": "dev"}, "routine data collection"),
        ({"workload": "web_crawler"}, "routine data collection"),
        ({"purpose": "acceptance test"}, "routine quality control"),
        ({"workload": "payroll-sync", "environment": "dev"}, "general and administrative work"),
        ({"workload": "tableau"}, "management reporting"),
        ({"workload": "marketing-site"}, "marketing and sales"),
        ({"purpose": "market research"}, "market research"),
        ({"purpose": "customer onboarding"}, "adaptation to one customer"),
    ],
)
def test_a_concrete_activity_of_41_d_4_beats_environment_and_experiment(tags, name):
    made = decided(tags | {"note": "ablation"}, **MET)
    assert str(made.bucket) == f"excluded:{name}"
    assert made.authority.startswith("IRC 41(d)(4)")
    assert made.counts_in is None
    assert any("activity.experimentation.architecture-experiment" in road for road in made.road_not_taken)


def test_data_prepared_for_training_is_development_and_not_routine_collection():
    assert place({"workload": "ingest-pretrain-corpus"}, **NOT_SHOWN) == "held:does the component meet the 80 % test"
    assert place({"workload": "ingest-pretrain-corpus"}, **MET) == "qualified:sparse-decoder"


@pytest.mark.parametrize(
    "tags", [{"team": "marketing"}, {"cost-center": "payroll"}, {"namespace": "etl"}, {"queue": "serving"}]
)
def test_the_name_of_a_team_or_queue_is_not_an_activity(tags):
    assert place(tags | {"workload": "ablation"}) == "qualified:sparse-decoder"
    assert place({"team": "ablation", "queue": "pretrain"}) == "held:is the work qualified research"


def test_a_product_is_not_excluded_for_what_it_is_about():
    crm = component(id="crm", name="CRM assistant", select=[{"project": "crm-core"}], **MET)
    made = determined(group(tags={"project": "crm-core", "environment": "dev"}), components=[crm], us_share={"crm": 1})
    assert str(made.bucket) == "qualified:crm"


def test_a_flattering_product_name_is_no_experiment():
    named = component(id="ablation-studio", name="Ablation studio", select=[{"project": "ablation-studio"}])
    made = determined(group(tags={"project": "ablation-studio"}), components=[named], us_share={"ablation-studio": 1})
    assert str(made.bucket) == "held:is the work qualified research"


@pytest.mark.parametrize("environment", ["prod", "Production", "live", "PRD"])
def test_production_of_a_released_component_is_after_commercial_production(environment):
    made = decided({"environment": environment}, "2025-08", released="2025-06-30")
    assert str(made.bucket) == "excluded:after commercial production"
    assert made.authority == "IRC 41(d)(4)(A)"


def test_production_in_no_component_is_after_commercial_production():
    assert bucket(group(tags={"environment": "prod", "project": "shop"})) == "excluded:after commercial production"


def test_production_of_an_unreleased_component_is_a_question():
    assert place({"environment": "prod", "workload": "ablation"}) == "held:production environment before a release"


@pytest.mark.parametrize(
    ("period", "released", "expected"),
    [
        ("2025-05", "2025-06-15", "qualified:sparse-decoder"),
        ("2025-06", "2025-06-15", "held:release month: before or after the release"),
        ("2025-07", "2025-06-15", "held:after release: new uncertainty or upkeep"),
        ("2025-06", "2025-06-30", "qualified:sparse-decoder"),
        ("2025-06", "2025-06-01", "held:after release: new uncertainty or upkeep"),
    ],
)
def test_the_release_date_divides_experiments_by_month(period, released, expected):
    assert place({"workload": "ablation"}, period, released=released) == expected


def test_serving_is_production_unless_it_is_a_test():
    assert place({"workload": "inference-api"}, "2025-08", released="2025-06-30") == PRODUCTION
    assert place({"workload": "inference-benchmark"}, **MET) == "qualified:sparse-decoder"
    assert place({"workload": "inference-api"}) == "held:serving before a release: part of an experiment"


def test_retraining_a_released_model_is_routine_and_before_a_release_a_question():
    assert place({"workload": "nightly-retrain"}, "2025-08", released="2025-06-30") == PRODUCTION
    assert place({"workload": "nightly-retrain"}, **MET) == "held:retraining: new uncertainty or routine"


def test_a_tutorial_could_not_qualify_and_is_not_even_potential():
    made = decided({"workload": "ablation-tutorial"}, **MET)
    assert str(made.bucket) == "held:education or demonstration: what does it serve"
    assert made.counts_in is None


def test_work_before_the_component_began_is_a_question():
    assert place({"workload": "ablation"}, "2025-03", began="2025-04-10") == "held:before the component began"
    assert place({"workload": "ablation"}, "2025-04", began="2025-04-10") == "qualified:sparse-decoder"


@pytest.mark.parametrize(("year", "section"), [(2025, "174A(a)"), (2024, "174(a)")])
def test_development_is_cited_to_the_section_in_force(year, section):
    made = decided({"environment": "dev"}, f"{year}-03", year=year, **MET)
    assert section in made.authority


@pytest.mark.parametrize(
    ("activity", "name"),
    [
        ("backoffice_ga", "general and administrative work"),
        ("marketing_sales", "marketing and sales"),
        ("qc_routine_testing", "routine quality control"),
        ("customer_adaptation", "adaptation to one customer"),
        ("maintenance_ops", "after commercial production"),
    ],
)
def test_a_stated_project_in_no_component_is_excluded_by_its_activity(activity, name):
    projects = [{"name": "office tools", "activity": activity}]
    made = determined(group(tags={"project": "Office-Tools"}), projects=projects)
    assert str(made.bucket) == f"excluded:{name}"
    assert "office tools" in made.authority


def test_a_stated_project_that_is_no_exclusion_still_asks_for_its_component():
    projects = [{"name": "office tools", "activity": "ci_cd"}]
    made = determined(group(tags={"project": "office tools"}), projects=projects)
    assert str(made.bucket) == "held:which component does this belong to"
