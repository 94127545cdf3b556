"""What Quillfern runs on AWS: every workload with its tags as its owners really wrote them, and its spend."""

from __future__ import annotations

from generator.charges import Workload
from generator.quillfern import aws_skus as sku
from generator.quillfern.company import (
    CORPORATE,
    IRELAND,
    OREGON,
    PLATFORM,
    PRODUCTION,
    RESEARCH,
    SANDBOX,
    VIRGINIA,
    growing,
    level,
)

EXPERIMENTS = (
    Workload("spd-routing", RESEARCH, VIRGINIA, sku.P4D,
             (14000, 15500, 16800, 17200, 18100, 16900, 17500, 18800, 15200, 6100, 5200, 4800),
             ({"project": "sparse-decoder", "environment": "experiment", "team": "research",
               "workload": "expert-routing-ablation"},
              {"Project": "Sparse-Decoder", "Environment": "experiment", "Team": "research",
               "workload": "expert-routing-ablation"},
              {"project": "sparse_decoder", "environment": "experiment", "team": "research",
               "workload": "kv-sparsity-sweep"}),
             "burst", 6),
    Workload("spd-typo", RESEARCH, VIRGINIA, sku.G5_LARGE, level(900, 2, 4),
             ({"project": "sparce-decoder", "environment": "experiment"},), "burst"),
    Workload("rq-codebook", RESEARCH, VIRGINIA, sku.G5_LARGE,
             (0, 1800, 4200, 5200, 6100, 7000, 7400, 7900, 8300, 9100, 8800, 8600),
             ({"proj": "retrieval-quantiser", "env": "experiment", "workload": "residual-codebook-search"},
              {"project": "retrieval-quantiser", "environment": "experiment",
               "workload": "residual-codebook-search"}),
             "burst", 10),
    Workload("rq-spot", RESEARCH, OREGON, sku.SPOT_G5, level(1100, 4),
             ({"project": "retrieval_quantiser", "environment": "experiment", "workload": "bitrate-sweep-seeds"},),
             "burst", 3, pricing="Dynamic"),
    Workload("rq-train", RESEARCH, VIRGINIA, sku.TRAIN_G5, level(1500, 5),
             ({"project": "retrieval-quantiser", "environment": "experiment", "team": "research"},), "burst", 2),
    Workload("codec-eu", RESEARCH, IRELAND, sku.G6E_EU, level(2200),
             ({"project": "speech-codec", "environment": "experiment", "team": "audio", "user": "E-011"},),
             "working", 2),
    Workload("codec-train", RESEARCH, OREGON, sku.P4D, level(3800),
             ({"project": "speech-codec", "environment": "experiment", "team": "audio",
               "workload": "adversarial-loss-variants"},), "burst", 2, tagged_from=2),
    Workload("codec-abroad", RESEARCH, OREGON, sku.G6E, level(1500, 4),
             ({"project": "speech-codec", "environment": "experiment", "team": "audio", "user": "E-021"},), "burst"),
    Workload("codec-eval", RESEARCH, OREGON, sku.G5_LARGE, level(1400),
             ({"project": "speech-codec", "component": "eval-harness", "environment": "test"},), "working"),
    Workload("eval-suite", RESEARCH, VIRGINIA, sku.G5_LARGE, level(2100),
             ({"project": "eval-harness", "environment": "test", "team": "evaluation"},), "working", 2),
    Workload("tuner", RESEARCH, OREGON, sku.P5, level(2600, 6),
             ({"project": "kernel-autotuner", "environment": "experiment", "team": "systems"},), "burst", 3),
    Workload("moonlit", RESEARCH, VIRGINIA, sku.P4D, level(2300, 8, 10),
             ({"project": "moonlit", "environment": "experiment"},), "burst"),
    Workload("notebooks", RESEARCH, VIRGINIA, sku.NOTEBOOK, level(700),
             ({"team": "research", "environment": "dev"},), "working", 2),
    Workload("sandbox-gpu", SANDBOX, VIRGINIA, sku.G5_LARGE, level(1600), rhythm="burst", resources=3),
    Workload("sandbox-misc", SANDBOX, VIRGINIA, sku.T3, level(160), ({"Name": "tmp-do-not-delete"}, {}), "always", 3),
)  # fmt: skip
"""Experiments and what is near them."""

TENANCY = (
    Workload("spd-host", RESEARCH, VIRGINIA, sku.HOST_G5, level(4200, 3, 8),
             ({"project": "sparse-decoder", "environment": "dev", "workload": "kernel-latency-bench"},), "always"),
    Workload("codec-dedicated", RESEARCH, OREGON, sku.DEDICATED_C7I, level(500, 5, 11),
             ({"project": "speech-codec", "environment": "dev"},), "working"),
)  # fmt: skip
"""Capacity that nobody else can use: exposed under the primary-user limb."""

DEVELOPMENT = (
    Workload("spd-dev", RESEARCH, VIRGINIA, sku.C7I, level(900),
             ({"Project": "Sparse-Decoder", "Environment": "Dev", "Team": "Research"},), "working", 4, planned=True),
    Workload("console-stage", PLATFORM, VIRGINIA, sku.M7I, level(500),
             ({"project": "customer-console", "environment": "staging", "squad": "platform"},), "always", 2,
             planned=True),
    Workload("labelling-dev", PLATFORM, VIRGINIA, sku.M7I, level(420),
             ({"project": "labelling-tool", "environment": "dev"},), "working", 4, planned=True),
    Workload("labelling-prod", PLATFORM, VIRGINIA, sku.M7I, level(270, 6),
             ({"project": "labelling-tool", "environment": "production"},), "always", planned=True),
    Workload("ingest-nightly", PLATFORM, VIRGINIA, sku.FARGATE, growing(1500, 60),
             ({"project": "curation-pipeline", "environment": "prod", "workload": "nightly-crawl-ingest"},), "always"),
    Workload("ingest-etl", PLATFORM, VIRGINIA, sku.GLUE, growing(600, 25),
             ({"project": "curation-pipeline", "environment": "prod", "workload": "etl-load-warehouse"},), "always"),
    Workload("dedup-trials", PLATFORM, VIRGINIA, sku.R7I, level(950),
             ({"project": "curation-pipeline", "environment": "experiment",
               "workload": "near-duplicate-method-trials"},), "working", 3, tagged_from=2),
    Workload("ci-runners", PLATFORM, VIRGINIA, sku.C7I, level(820),
             ({"project": "ci", "workload": "build-runner", "environment": "ci"},), "working", 4, planned=True),
    Workload("cluster-control", PLATFORM, VIRGINIA, sku.EKS, level(128),
             ({"team": "platform", "workload": "cluster-controller"},), "always", 2),
    Workload("dispatch-dev", PLATFORM, VIRGINIA, sku.G5_LARGE, level(1300, 5, 11),
             ({"project": "dispatch-voice", "environment": "dev", "customer": "northquay-pilot"},), "working"),
)  # fmt: skip

OPERATIONS = (
    Workload("console-prod", PRODUCTION, VIRGINIA, sku.M7I_LARGE, growing(600, 130),
             ({"project": "customer-console", "environment": "prod"},), "always", 2, planned=True),
    Workload("decoder-api", PRODUCTION, VIRGINIA, sku.G6E_4X, growing(800, 720, 4),
             ({"project": "sparse-decoder", "environment": "production", "workload": "inference-api"},), "always", 4),
    Workload("decoder-retrain", PRODUCTION, VIRGINIA, sku.P4D, level(3400, 10),
             ({"project": "sparse-decoder", "environment": "prod", "workload": "monthly-retrain"},), "burst"),
    Workload("console-db", PRODUCTION, VIRGINIA, sku.AURORA, level(610),
             ({"project": "customer-console", "environment": "prod"},), "always"),
    Workload("console-nat", PRODUCTION, VIRGINIA, sku.NAT, growing(210, 20),
             ({"project": "customer-console", "environment": "prod"},), "always"),
    Workload("console-lb", PRODUCTION, VIRGINIA, sku.BALANCER, level(14),
             ({"project": "customer-console", "environment": "prod"},), "always"),
    Workload("logs", PRODUCTION, VIRGINIA, sku.CLOUDWATCH, growing(240, 18), rhythm="always"),
    Workload("webhooks", PRODUCTION, VIRGINIA, sku.LAMBDA, level(85, 5),
             ({"project": "customer-console", "environment": "prod"},), "always"),
    Workload("finance-bi", CORPORATE, VIRGINIA, sku.REDSHIFT, level(345),
             ({"project": "finance-bi", "team": "finance", "environment": "prod"},), "always"),
    Workload("desktops", CORPORATE, VIRGINIA, sku.WORKSPACES, level(150), ({"team": "it"},), "working", 2),
    Workload("website", CORPORATE, VIRGINIA, sku.CLOUDFRONT, level(140),
             ({"project": "website", "team": "marketing", "environment": "prod"},), "always"),
)  # fmt: skip
"""Production, back office and marketing."""

DATA = (
    Workload("spd-checkpoints", RESEARCH, VIRGINIA, sku.S3, growing(1600, 130),
             ({"project": "sparse-decoder", "environment": "experiment"},), "always"),
    Workload("spd-volumes", RESEARCH, VIRGINIA, sku.EBS, level(480),
             ({"project": "sparse-decoder", "environment": "experiment"},), "always"),
    Workload("spd-lustre", RESEARCH, VIRGINIA, sku.LUSTRE, level(1200),
             ({"project": "sparse-decoder", "environment": "experiment"},), "always"),
    Workload("datalake", PLATFORM, VIRGINIA, sku.S3, growing(420, 35), rhythm="always"),
    Workload("codec-transfer", RESEARCH, OREGON, sku.TRANSFER, level(160),
             ({"project": "speech-codec", "environment": "experiment"},), "working"),
    Workload("judge-api", RESEARCH, VIRGINIA, sku.MODEL_API, level(700, 3),
             ({"project": "eval-harness", "environment": "test", "workload": "judge-baseline"},), "working"),
)  # fmt: skip
"""Storage, network and hosted models beside the experiments."""

WORKLOADS = (*EXPERIMENTS, *TENANCY, *DEVELOPMENT, *OPERATIONS, *DATA)
