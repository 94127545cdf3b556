"""Short ways to have a small bill determined and to look at what became of its dollars."""

from __future__ import annotations

from fractions import Fraction

from rdcredit.determine.compute import determine_bill, examine_bill
from rdcredit.ledger.exact import exact_sum
from support.bills import bill, study

AT_HOME = {"sparse-decoder": Fraction(1)}


def parts_of(*groups, us_share=AT_HOME, classifier=None, reviewed=None, **settings):
    """The parts of a bill of these groups under a study with these settings."""
    more = {} if reviewed is None else {"reviewed": reviewed}
    return determine_bill(bill(*groups), study(**settings), us_share, classifier, **more)


def examined(*groups, us_share=AT_HOME, **settings):
    """Everything determined about a bill of these groups."""
    return examine_bill(bill(*groups), study(**settings), us_share)


def determined(*groups, **settings):
    """The determination of a bill that ends in one part."""
    [part] = parts_of(*groups, **settings)
    return part.determination


def bucket(*groups, **settings):
    """The bucket of a bill that ends in one part, as text."""
    return str(determined(*groups, **settings).bucket)


def buckets(parts):
    """Dollars by bucket."""
    names = sorted({str(p.determination.bucket) for p in parts})
    return {name: exact_sum(p.amount for p in parts if str(p.determination.bucket) == name) for name in names}
