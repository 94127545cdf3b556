"""Reading what the taxpayer hands over: exports of bills, payroll, time, payments and contracts.

Bills are read by ``bills``, in a process of their own, and come back grouped; every billing
format is one short module listed in ``importer``. Tables of people, contracts and supplies come
back row by row. ``records`` has the shapes of both.
"""
