"""Makers of the sample studies: seeded draws, the exports' layouts, and one package a company."""
