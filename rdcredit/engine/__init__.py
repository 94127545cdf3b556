"""The narrow seam to a query engine: the only room that knows one.

Rows of billing exports are handled here and nowhere else, by four operations:

``duck.open_source``
    a file as a table: text columns under a declared dialect and our own header, or a columnar
    file with its own types.
``amount.amounts``
    texts as exact amounts, or the reason why they are none.
``tags.tags_key``
    the tags of a charge as one canonical text.
``duck.rollup``
    groups with exact sums, counts and extents, as an Arrow table.

``moments`` reads instants of time and ``expressions`` holds the few words in which a format is
written. A second engine needs another ``duck``; the rest is engine-neutral expressions.
Importing this package loads nothing heavy; its modules load the engine.
"""
