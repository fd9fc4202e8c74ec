"""The browser's door to figures."""

from reporting.views.boards import counts_table, director, office, own, own_table, times_table
from reporting.views.public import release_times, release_times_table
from reporting.views.targets import targets, targets_table

__all__ = [
    "counts_table",
    "director",
    "office",
    "own",
    "own_table",
    "release_times",
    "release_times_table",
    "targets",
    "targets_table",
    "times_table",
]
