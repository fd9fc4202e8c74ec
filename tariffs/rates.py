"""Rate texts: one grammar for the notations of tariffs, read into a small tree and printed back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as the law writes it."""
