"""The tax facts the credit is computed from, as frozen records; each number knows its origin."""
