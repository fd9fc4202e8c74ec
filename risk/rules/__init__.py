"""What a criterion must be; each fault points at its row and field."""

from risk.rules.criterion import Draft, violations
from risk.rules.reading import read

__all__ = ["Draft", "read", "violations"]
