"""The line graph: figures with one definition and three readings (value, Excel formula, sentence).

The set of operations is closed (see :mod:`rdcredit.figure.expression`). This room knows neither
law nor ledger.
"""
