"""The people of Quillfern in 2025: roles, places, pay, and what they spend their time on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from generator.quillfern.company import YEAR

RecordKind = Literal["timesheet", "survey", "none"]
Mix = tuple[tuple[tuple[str, str], int], ...]
"""((project, activity), weight), ..."""

OUTSIDE = (
    ("admin", "backoffice_ga"),
    ("hiring", "backoffice_ga"),
    ("fundraising", "backoffice_ga"),
    ("sales-support", "marketing_sales"),
    ("website", "marketing_sales"),
    ("customer-onboarding", "customer_adaptation"),
    ("security-audit", "qc_routine_testing"),
    ("PTO", "leave"),
)
"""Projects of the time records that are in no component, and what they are."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person on the payroll register."""

    id: str
    name: str
    title: str
    department: str
    state: str
    salary: int
    mix: Mix
    """What the time records say; the second half of the year where ``later`` is given."""
    later: Mix = ()
    country: str = "US"
    record: RecordKind = "timesheet"
    officer: bool = False
    owner: bool = False
    evidence: str = ""
    deferral: int = 5
    """Percentage of pay put into the 401(k) plan."""
    bonus: int = 0
    began: date = date(YEAR, 1, 1)
    left: date = date(YEAR, 12, 31)
    quarters: tuple[Mix, ...] = field(default=())
    """A survey's answers by quarter, in percent."""


def _on(project: str, weight: int, activity: str = "Research") -> tuple[tuple[str, str], int]:
    return ((project, activity), weight)


_SPARSE: Mix = (_on("sparse-decoder", 78), _on("eval-harness", 14), _on("admin", 8, "Administration"))
_SPARSE_LATER: Mix = (_on("sparse-decoder", 42), _on("sparse-decoder", 18, "Maintenance"),
                      _on("kernel-autotuner", 22), _on("eval-harness", 12),
                      _on("admin", 6, "Administration"))  # fmt: skip
_QUANTISER: Mix = (_on("retrieval-quantiser", 80), _on("eval-harness", 12), _on("admin", 8, "Administration"))
_CODEC: Mix = (_on("speech-codec", 84), _on("eval-harness", 8), _on("admin", 8, "Administration"))
_EVAL: Mix = (_on("eval-harness", 70), _on("sparse-decoder", 12, "Direct support"),
              _on("labelling-tool", 10), _on("admin", 8, "Administration"))  # fmt: skip
_PLATFORM: Mix = (_on("customer-console", 62), _on("curation-pipeline", 22), _on("labelling-tool", 10),
                  _on("admin", 6, "Administration"))  # fmt: skip
_PLATFORM_LATER: Mix = (_on("customer-console", 40, "Maintenance"), _on("customer-console", 22),
                        _on("dispatch-voice", 14), _on("curation-pipeline", 16),
                        _on("customer-onboarding", 8, "Customer customization"))  # fmt: skip
_DATA: Mix = (_on("curation-pipeline", 66), _on("sparse-decoder", 16, "Direct support"),
              _on("labelling-tool", 12), _on("admin", 6, "Administration"))  # fmt: skip
_LEAD: Mix = (_on("sparse-decoder", 50, "Direct supervision"), _on("sparse-decoder", 22),
              _on("hiring", 12, "Recruiting"), _on("admin", 16, "Administration"))  # fmt: skip


def _survey(*shares: tuple[str, str, int]) -> Mix:
    return tuple(((project, activity), percent) for project, activity, percent in shares)


_CEO = _survey(("fundraising", "Administration", 45), ("sales-support", "Sales", 30),
               ("sparse-decoder", "Direct supervision", 15), ("admin", "Administration", 10))  # fmt: skip
_COO = _survey(
    ("admin", "Administration", 60), ("speech-codec", "Direct supervision", 25), ("hiring", "Recruiting", 15)
)
_MANAGER = _survey(("customer-console", "Direct supervision", 55), ("curation-pipeline", "Direct supervision", 20),
                   ("admin", "Administration", 25))  # fmt: skip
_SALES = _survey(("sales-support", "Sales", 90), ("admin", "Administration", 10))
_OFFICE = _survey(("hiring", "Recruiting", 55), ("admin", "Administration", 45))

PEOPLE = (
    Person("E-001", "Ilvard Quenmoor", "Chief Executive Officer", "Executive", "WA", 210000, (), record="survey",
           officer=True, owner=True, deferral=6, quarters=(_CEO, _CEO, _CEO, _CEO)),
    Person("E-002", "Sanneke Brolliard", "Chief Technology Officer", "Executive", "WA", 215000,
           (_on("sparse-decoder", 40, "Direct supervision"), _on("retrieval-quantiser", 24, "Direct supervision"),
            _on("speech-codec", 12, "Direct supervision"), _on("admin", 24, "Administration")),
           officer=True, owner=True, evidence="design review minutes DR-01 to DR-41, 2025", deferral=6, bonus=30000),
    Person("E-003", "Portise Wendlecombe", "Chief Operating Officer", "Executive", "WA", 195000, (), record="survey",
           officer=True, quarters=(_COO, _COO, _COO, _COO)),
    Person("E-004", "Teodrin Valkasse", "Chief Scientist", "Executive", "MA", 225000,
           (_on("sparse-decoder", 48), _on("retrieval-quantiser", 30), _on("eval-harness", 12),
            _on("admin", 10, "Administration")),
           officer=True, owner=True, evidence="experiment reviews ER-2025-01 to ER-2025-88", bonus=30000),
    Person("E-005", "Maribeck Olskander", "Research Lead", "Research", "WA", 198000, _LEAD, bonus=22000),
    Person("E-006", "Dunstave Perrowin", "Engineering Manager", "Platform", "OR", 186000, (), record="survey",
           bonus=15000, quarters=(_MANAGER, _MANAGER, _MANAGER, _MANAGER)),
    Person("E-007", "Calix Thornemay", "Senior Research Engineer", "Research", "WA", 192000, _SPARSE, _SPARSE_LATER,
           bonus=18000),
    Person("E-008", "Orsolwyn Dace", "Research Engineer", "Research", "WA", 168000, _SPARSE, _SPARSE_LATER,
           bonus=12000),
    Person("E-009", "Jorunda Selwick", "Research Scientist", "Research", "CA", 205000, _SPARSE, _SPARSE_LATER,
           deferral=8, bonus=20000),
    Person("E-010", "Benedek Ashgrill", "Research Scientist", "Research", "NY", 199000, _QUANTISER, deferral=10,
           bonus=18000),
    Person("E-011", "Lioslav Merrinder", "Senior Audio Engineer", "Audio", "TX", 182000, _CODEC, bonus=14000),
    Person("E-012", "Yadriel Montequin-Rous", "Audio Machine Learning Engineer", "Audio", "PR", 148000, _CODEC,
           country="PR", bonus=9000),
    Person("E-013", "Wenzilla Farrowgate", "Research Engineer", "Research", "WA", 165000, _QUANTISER, bonus=10000),
    Person("E-014", "Osmund Pellitory", "Research Engineer", "Research", "CO", 160000, _QUANTISER, bonus=9000,
           began=date(YEAR, 2, 10)),
    Person("E-015", "Katriol Vennsworth", "Evaluation Engineer", "Evaluation", "WA", 158000, _EVAL, bonus=8000),
    Person("E-016", "Ruvimbel Okandris", "Evaluation Engineer", "Evaluation", "GA", 152000, _EVAL, bonus=7000,
           began=date(YEAR, 4, 7)),
    Person("E-017", "Piersom Lathwell", "Software Engineer", "Platform", "OR", 156000, _PLATFORM, _PLATFORM_LATER,
           bonus=7000),
    Person("E-018", "Anneliv Sturrocksen", "Software Engineer", "Platform", "OR", 151000, _PLATFORM, _PLATFORM_LATER,
           bonus=7000),
    Person("E-019", "Gavrine Tolliver-Ash", "Senior Research Engineer", "Research", "CA", 182000, (), record="none",
           bonus=10000, began=date(YEAR, 2, 3)),
    Person("E-020", "Hesterine Boldgrove", "Data Engineer", "Data", "IL", 149000, _DATA, bonus=6000),
    Person("E-021", "Friedolf Kranzhaver", "Audio Research Engineer", "Audio", "", 158000, _CODEC, country="DE",
           bonus=8000),
    Person("E-022", "Mireaux Delabrecque", "Systems Engineer", "Systems", "", 162000,
           (_on("kernel-autotuner", 90), _on("admin", 10, "Administration")), country="CA", bonus=8000,
           began=date(YEAR, 6, 2)),
    Person("E-023", "Sabelline Hartigrew", "Data Engineer", "Data", "IL", 144000, _DATA, bonus=6000),
    Person("E-024", "Tancrell Moydart", "Machine Learning Engineer", "Research", "WA", 171000,
           (_on("sparse-decoder", 60), _on("moonlit", 24), _on("eval-harness", 10), _on("admin", 6, "Administration")),
           bonus=9000, began=date(YEAR, 3, 17)),
    Person("E-025", "Ludivar Crossenby", "Site Reliability Engineer", "Platform", "OR", 159000,
           (_on("customer-console", 60, "Maintenance"), _on("sparse-decoder", 25, "Direct support"),
            _on("admin", 15, "Administration")), bonus=6000),
    Person("E-026", "Ottolie Renshawe", "Product Manager", "Product", "WA", 164000,
           (_on("customer-console", 46), _on("sales-support", 30, "Sales"), _on("admin", 24, "Administration"))),
    Person("E-027", "Brannoch Quillivant", "Software Engineer", "Platform", "OR", 147000, _PLATFORM_LATER,
           bonus=4000, began=date(YEAR, 5, 12)),
    Person("E-028", "Nerissane Wolfhart-Boll", "Labelling Operations Lead", "Data", "IL", 98000,
           (_on("labelling-tool", 58, "Direct support"), _on("curation-pipeline", 32),
            _on("admin", 10, "Administration"))),
    Person("E-029", "Draycott Humbervale", "Head of Sales", "Sales", "NY", 175000, (), record="survey", bonus=26000,
           began=date(YEAR, 3, 3), quarters=(_SALES, _SALES, _SALES, _SALES)),
    Person("E-030", "Elsbetha Norquill", "Account Executive", "Sales", "NY", 128000, (), record="survey", bonus=14000,
           began=date(YEAR, 6, 16), quarters=((), _SALES, _SALES, _SALES)),
    Person("E-031", "Fennimar Oxley-Grange", "People and Office Lead", "Operations", "WA", 118000, (),
           record="survey", quarters=(_OFFICE, _OFFICE, _OFFICE, _OFFICE)),
    Person("E-032", "Corvin Haldensteen", "Controller", "Finance", "WA", 152000,
           (_on("admin", 100, "Accounting"),), bonus=5000),
    Person("E-033", "Zephane Irrawick", "Research Intern", "Research", "MA", 92000,
           (_on("speech-codec", 55), _on("retrieval-quantiser", 45)), deferral=0, began=date(YEAR, 6, 2),
           left=date(YEAR, 8, 29)),
    Person("E-034", "Tobrecht Aldercane", "Research Engineer", "Research", "WA", 166000, _SPARSE, bonus=0,
           left=date(YEAR, 5, 30)),
)  # fmt: skip
"""Thirty-four people; names are invented, and appear in the people list and the payroll register only."""
