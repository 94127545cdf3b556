"""Law as data: every rate, threshold and date, with effective dates, citation and verified range."""

from rdcredit.law.law import Law, law_for
from rdcredit.law.parameters import Parameter, all_parameters

__all__ = ["Law", "Parameter", "all_parameters", "law_for"]
