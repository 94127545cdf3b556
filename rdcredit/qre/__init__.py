"""Qualified research expenses, section 41(b): schedules and their totals."""
