# ruff: noqa: INP001 - scripts beside the template they write, not a package
"""Standing text of the Word study. Numbers of the law are named, not written."""

from __future__ import annotations

CHAPTERS = {
    "summary": "Executive summary",
    "scope": "Scope, reliance and limits",
    "taxpayer": "Taxpayer and taxable years",
    "law": "Legal framework",
    "method": "Methodology",
    "reconciliation": "Population and reconciliation",
    "components": "Business components",
    "qre": "Qualified research expenses by category",
    "computation": "Credit computation",
    "form": "Form 6765",
    "findings": "Findings and risk",
    "buckets": "Excluded and held dollars",
    "signatures": "Responsibility and signatures",
}
APPENDICES = {
    "glossary": "Glossary",
    "rules": "Rules applied",
    "rates": "Rates and thresholds of the law",
    "sources": "Files and digests",
    "commands": "Repeating the study",
    "evidence": "Evidence",
}
VIEWS_NOTE = (
    "Supported: decided by rules, recorded statements and the reviewer; only these figures are claimed. Expected adds "
    "dollars held by the activity alone that a classifier calls qualifying; potential adds what else could qualify."
)
TIE_OUT_NOTE = (
    "Every dollar read ends in exactly one place: in a business component, excluded for a named reason, or held by a "
    "named question. The difference must be zero for each source; a run in which it is not is not published."
)
COMPONENTS_NOTE = (
    "The facts of each component are those the taxpayer states in the study. Where a fact is not stated the chapter "
    "says so; nothing was filled in. Dollars in these tables are the amounts considered, before the percentages of "
    "contract research and the rule on people who spend substantially all of their time."
)
COMPUTATION_NOTE = (
    "Both methods are computed from the same expenses. Figures that stand on the form are rounded to whole dollars, "
    "halves upwards, and later figures use the rounded value."
)
FINDINGS_NOTE = (
    "A finding changes no figure. It says what a reviewer should weigh before anybody signs, with the dollars it "
    "concerns; the same dollars can be named by more than one finding."
)
COMMANDS_NOTE = "The study folder holds what is needed to repeat this study; the program reads it without a network."
YEARS_NOTE = (
    "QREs of earlier years are on the definition of the credit year, section 41(c)(5). A value nobody has stated is "
    "shown as missing and is not taken as zero."
)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(p.split()) for p in text.strip().split("\n\n"))


LAW = _paragraphs("""
**The credit.** Section 41(a)(1) gives {{ law.regular_rate.value }} of the qualified research expenses (QREs)
above a base amount. The base amount is a fixed-base percentage, never more than {{ law.fixed_base_cap.value }},
of average gross receipts, and never less than {{ law.minimum_base_share.value }} of the QREs of the year [IRC
41(c)(1)-(3)]. Instead a taxpayer may elect the alternative simplified credit: {{ law.asc_rate.value }} of the
QREs above half of their average in the three preceding taxable years, or {{ law.asc_special_rate.value }} of all
QREs if any one of those years had none [IRC 41(c)(4)].

**Consistency.** QREs of earlier years are put on the definition of the credit year, whatever was claimed then
[IRC 41(c)(5)].

**Qualified research.** Four tests apply to each business component: the expenditure is one of research in the
sense of section 174 or 174A, because capability, method or design was uncertain; the information sought is
technological; it is meant for a new or improved component; and substantially all of the activities are elements
of a process of experimentation for function, performance, reliability or quality [IRC 41(d)(1)-(3); Treas. Reg.
1.41-4(a)]. If a whole component fails, its most significant part is tested, and so on down [Treas. Reg.
1.41-4(b)(2)].

**What never counts.** Research after commercial production, adaptation to one customer, duplication, surveys and
routine collection of data or control of quality, most software for internal use, research conducted outside the
United States, in the social sciences, arts or humanities, and research funded by somebody else [IRC 41(d)(4)].

**Software for internal use.** It counts only if it is innovative, carries significant economic risk and cannot be
bought [Treas. Reg. 1.41-4(c)(6)].

**Wages.** Wages as defined for withholding, for engaging in research, supervising it directly or supporting it
directly. A person whose services are qualified to at least {{ law.wages_substantially_all.value }} counts in full
[IRC 41(b)(2)(B), (D); {{ law.wages_substantially_all.cite }}].

**Supplies.** Tangible property used in the research, neither land nor depreciable [IRC 41(b)(2)(C)].

**Computers.** Amounts paid to another for the right to use computers in the research. The regulation asks that
another owns and operates them, that they stand off the premises, and that the taxpayer is not the primary user
[IRC 41(b)(2)(A)(iii); Treas. Reg. 1.41-2(b)(4)]. No ruling or case applies it to present cloud services, so
capacity that may be the taxpayer's alone is held until somebody decides with the facts.

**Contract research.** {{ law.contract_general.value }} of what is paid to others for research on the taxpayer's
behalf, {{ law.contract_consortium.value }} for a research consortium and {{ law.contract_energy.value }} for
certain energy research [IRC 41(b)(3)]. The agreement comes before the work, the taxpayer bears the cost if the
research fails, and it has a right to the results [Treas. Reg. 1.41-2(e)].

**Reduced credit.** On a timely original return a taxpayer may elect a credit reduced by {{
law.reduced_tax_rate.value }} in place of a smaller deduction or capital account [IRC 280C(c)(2)].
""")
METHOD = _paragraphs("""
**Every dollar is read.** The inputs are read into one ledger, which carries {{ methodology.subjects }} workloads,
people, contracts and purchases. What was read agrees with the files to the cent before anything is decided.

**Two kinds of question are kept apart.** Whether the activity is qualified research of a business component, and
whether the cost is of a kind the law counts: paid or incurred in the year, in the United States, under terms that
qualify. A dollar is qualified only if every test that applies to it is passed.

**Rules come first.** Written rules, each with its authority, decide what they can. A statutory exclusion wins
over a favourable rule, and an exclusion at one test wins over a question at another. The rules that decided
dollars in this study are listed in an appendix.

**Statements.** {{ methodology.statements }}

**The classifier's seat is empty.** No statistical opinion decided a dollar. Where the expected view equals the
supported view, that is the reason.

**The reviewer has the last word.** A recorded decision overrides a rule and is named as the reason wherever it
does; one that overrides a statutory exclusion is always a finding.

**What held means.** A dollar is held when no rule, statement or decision settles a test it has to pass. It is not
claimed, it is not dropped, and the question that would settle it is named.

**Time of people.** Shares of services come from time records. Leave is in neither part of the fraction. Wages for
which nothing shows what the person did are held.

**Clouds and GPUs.** Usage is gathered into workloads by account, kind of service and identifying tags. Credits
and refunds reduce the usage they paid for before any workload is decided.

**Contracts.** Each contract is tested on its recorded terms before any of its payments counts.
""")
