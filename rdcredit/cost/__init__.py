"""What a charge costs: which column counts, in which year, and where credits go."""
