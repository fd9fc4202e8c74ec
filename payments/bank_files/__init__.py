"""Files of statements that banks send: read within bounds, judged whole, told as values. Nothing here writes."""

from payments.bank_files.faults import Fault, FaultyFile, fault_from_json
from payments.bank_files.reading import Judged, Ours, awaits_statement, compact, judge, movements
from payments.bank_files.values import Movement, Part

__all__ = [
    "Fault",
    "FaultyFile",
    "Judged",
    "Movement",
    "Ours",
    "Part",
    "awaits_statement",
    "compact",
    "fault_from_json",
    "judge",
    "movements",
]
