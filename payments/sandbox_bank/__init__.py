"""A bank to practise with: a hosted payment page in a process of its own, reached over HTTP alone.

It keeps its own books in SQLite, knows no table of the portal and can behave as badly as a real one: tell the portal
twice, late, in the wrong order, of another amount, or not at all.
"""
