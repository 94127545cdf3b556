"""What Quillfern buys from AWS: service names, usage types and prices in the style of the real bill."""

from __future__ import annotations

from decimal import Decimal

from generator.charges import Sku

EC2 = "Amazon Elastic Compute Cloud"


def _instance(kind: str, price: str, *, lead: str = "On Demand Linux", usage: str = "BoxUsage") -> Sku:
    return Sku(EC2, "Compute", f"{usage}:{kind}", Decimal(price), "Hours", f"${price} per {lead} {kind} Instance Hour",
               "AmazonEC2", "RunInstances", "instance")  # fmt: skip


def _training(kind: str, price: str) -> Sku:
    return Sku("Amazon SageMaker", "AI and Machine Learning", f"Train:{kind}", Decimal(price), "Hours",
               f"${price} per Training {kind} hour in {{region}}", "AmazonSageMaker", "RunInstance",
               "sagemaker")  # fmt: skip


def _service(  # a line of the price list
    service: str, family: str, usage: str, price: str, unit: str, text: str, code: str,
    operation: str = "", resource: str = "",
) -> Sku:  # fmt: skip
    return Sku(service, family, usage, Decimal(price), unit, text, code, operation, resource)


P4D = _instance("p4d.24xlarge", "21.957642")
P5 = _instance("p5.4xlarge", "6.88")
G5_LARGE = _instance("g5.12xlarge", "5.672")
G6E = _instance("g6e.12xlarge", "10.49264")
G6E_EU = _instance("g6e.4xlarge", "3.34744")
G6E_4X = _instance("g6e.4xlarge", "3.00424")
C7I = _instance("c7i.4xlarge", "0.714")
M7I = _instance("m7i.2xlarge", "0.4032")
M7I_LARGE = _instance("m7i.8xlarge", "1.6128")
R7I = _instance("r7i.4xlarge", "1.0584")
T3 = _instance("t3.large", "0.0832")
SPOT_G5 = Sku(EC2, "Compute", "SpotUsage:g5.12xlarge", Decimal("2.3016"), "Hours",
              "g5.12xlarge Linux/UNIX Spot Instance-hour in {region}", "AmazonEC2", "RunInstances:SV001",
              "instance")  # fmt: skip
HOST_G5 = Sku(EC2, "Compute", "HostUsage:g5", Decimal("6.128"), "Hours", "${price} per Dedicated g5 Host Hour",
              "AmazonEC2", "Hosts", "ec2")  # fmt: skip
DEDICATED_C7I = _instance("c7i.8xlarge", "1.5708", lead="Dedicated Linux", usage="DedicatedUsage")

TRAIN_G5 = _training("ml.g5.12xlarge", "7.09")
NOTEBOOK = _service("Amazon SageMaker", "AI and Machine Learning", "Studio:JupyterLab-ml.g5.2xlarge", "1.515", "Hours",
                    "${price} per JupyterLab ml.g5.2xlarge hour in {region}", "AmazonSageMaker", "RunInstance",
                    "sagemaker")  # fmt: skip
FARGATE = _service("Amazon Elastic Container Service", "Compute", "Fargate-vCPU-Hours:perCPU", "0.04048", "hours",
                   "AWS Fargate - vCPU - {region}", "AmazonECS", "FargateTask", "ecs")  # fmt: skip
GLUE = _service("AWS Glue", "Analytics", "ETL-DPU-Hour", "0.44", "DPU-Hour",
                "${price} per Data Processing Unit-Hour for AWS Glue ETL job", "AWSGlue", "Jobrun", "glue")  # fmt: skip
LAMBDA = _service("AWS Lambda", "Compute", "Lambda-GB-Second", "0.0000166667", "Lambda-GB-Second",
                  "AWS Lambda - Total Compute - {region}", "AWSLambda", "Invoke", "lambda")  # fmt: skip
EKS = _service("Amazon Elastic Container Service for Kubernetes", "Compute", "AmazonEKS-Hours:perCluster", "0.10",
               "Hours", "Amazon EKS cluster usage in {region}", "AmazonEKS", "CreateOperation", "eks")  # fmt: skip

S3 = _service("Amazon Simple Storage Service", "Storage", "TimedStorage-ByteHrs", "0.023", "GB-Mo",
              "${price} per GB - first 50 TB / month of storage used", "AmazonS3", "StandardStorage",
              "bucket")  # fmt: skip
EBS = _service(EC2, "Storage", "EBS:VolumeUsage.gp3", "0.08", "GB-Mo",
               "${price} per GB-month of General Purpose (gp3) provisioned storage - {region}", "AmazonEC2",
               "CreateVolume-Gp3", "volume")  # fmt: skip
LUSTRE = _service("Amazon FSx", "Storage", "Lustre:N:P:125", "0.145", "GB-Mo",
                  "${price} per GB-Mo Lustre persistent storage", "AmazonFSx", "CreateFileSystem:Lustre",
                  "fsx")  # fmt: skip
AURORA = _service("Amazon Relational Database Service", "Databases", "InstanceUsage:db.r7g.2xlarge", "0.956", "Hrs",
                  "${price} per RDS db.r7g.2xlarge instance hour (or partial hour) running PostgreSQL", "AmazonRDS",
                  "CreateDBInstance:0014", "rds")  # fmt: skip
NAT = _service(EC2, "Networking", "NatGateway-Bytes", "0.045", "GB", "${price} per GB Data Processed by NAT Gateways",
               "AmazonEC2", "NatGateway", "ec2")  # fmt: skip
TRANSFER = _service("AWS Data Transfer", "Networking", "EUW1-AWS-Out-Bytes", "0.02", "GB",
                    "${price} per GB - {region} data transfer to another region", "AWSDataTransfer",
                    "InterZone-Out")  # fmt: skip
BALANCER = _service("Elastic Load Balancing", "Networking", "LoadBalancerUsage", "0.0225", "Hrs",
                    "${price} per Application LoadBalancer-hour (or partial hour)", "AWSELB",
                    "LoadBalancing:Application", "elasticloadbalancing")  # fmt: skip
CLOUDFRONT = _service("Amazon CloudFront", "Networking", "US-DataTransfer-Out-Bytes", "0.085", "GB",
                      "${price} per GB - first 10 TB / month data transfer out", "AmazonCloudFront", "GET",
                      "cloudfront")  # fmt: skip
CLOUDWATCH = _service("AmazonCloudWatch", "Management and Governance", "DataProcessing-Bytes", "0.50", "GB",
                      "${price} per GB custom log data ingested in Standard log class", "AmazonCloudWatch",
                      "PutLogEvents", "logs")  # fmt: skip
REDSHIFT = _service("Amazon Redshift", "Analytics", "Node:ra3.large", "0.543", "Hrs",
                    "${price} per Redshift ra3.large node-hour", "AmazonRedshift", "RunComputeNode:0001",
                    "redshift")  # fmt: skip
WORKSPACES = _service("Amazon WorkSpaces", "Other", "AutoStop-Usage-Standard", "0.43", "Hour",
                      "${price} per hour for Standard AutoStop bundle", "AmazonWorkSpaces", "",
                      "workspaces")  # fmt: skip
MODEL_API = _service("Amazon Bedrock", "AI and Machine Learning", "TitanTextPremier-input-tokens", "0.0005",
                     "1K tokens", "${price} per 1K input tokens", "AmazonBedrock", "InvokeModelInference",
                     "bedrock")  # fmt: skip

SUPPORT = _service("AWS Support (Business)", "Other", "SupportBusiness", "1", "Dollar",
                   "AWS Support (Business) - monthly charge", "AWSSupportBusiness")  # fmt: skip
TAX = _service(EC2, "Compute", "", "1", "", "Sales tax for product code AmazonEC2", "AmazonEC2")  # fmt: skip
REGISTRAR = _service("Amazon Registrar", "Other", "", "1", "Domain", "Registration of a .example domain, one year",
                     "AmazonRegistrar", "RegisterDomain")  # fmt: skip
OBSERVABILITY = _service("Gristwell Observability for Containers", "Other", "SoftwareUsage-contract", "1", "Units",
                         "AWS Marketplace software subscription|Gristwell Observability for Containers",
                         "6xqm1gristwell0observ0containr", "Subscribe")  # fmt: skip
HOSTED_MODEL = _service("Larkmoor Text 4 (Amazon Bedrock Edition)", "AI and Machine Learning",
                        "MP:USE1_OutputTokenCount-Units", "1", "Units",
                        "AWS Marketplace software usage|us-east-1|Million Response Tokens",
                        "9fbk2larkmoor7bedrock4edition", "InvokeModelInference")  # fmt: skip
SAVINGS_PLAN = _service("Savings Plans for AWS Compute usage", "Compute", "ComputeSP:1yrNoUpfront", "3.20", "Hours",
                        "1 year No Upfront Compute Savings Plan", "ComputeSavingsPlans")  # fmt: skip
