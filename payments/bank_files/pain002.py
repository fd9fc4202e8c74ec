"""Reads pain.002 (ISO 20022, payment status report), any version, by local names: what the bank refused of a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

MOST_BYTES = 5_000_000
_REJECTED = "RJCT"


class NoReport(Exception):
    """It is no status report, or is out of bounds."""


@dataclass(frozen=True, slots=True)
class Report:
    """About which message; whether all of it is refused, and why; else the references that are, each with a reason."""

    message: str
    refused: bool
    reason: str
    payments: Mapping[str, str]


def read(content: bytes) -> Report:
    """What the bank says. Raises NoReport."""
    if not content or len(content) > MOST_BYTES:
        raise NoReport
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, LookupError, ValueError) as fault:
        raise NoReport from fault
    group = _first(root, "OrgnlGrpInfAndSts")
    message = _text(group, "OrgnlMsgId")
    if "pain.002" not in root.tag or not message:
        raise NoReport
    parts = [part for part in root.iter() if _name(part) == "OrgnlPmtInfAndSts"]
    whole = [part for part in (group, *parts) if _text(part, "GrpSts", "PmtInfSts") == _REJECTED]
    payments = [each for each in root.iter() if _name(each) == "TxInfAndSts" and _text(each, "TxSts") == _REJECTED]
    told = {_text(each, "OrgnlEndToEndId"): _reason(each) for each in payments}
    return Report(message, bool(whole), _reason(whole[0]) if whole else "", told)


def _name(node: object) -> str:
    tag = getattr(node, "tag", "")
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _first(root: object, name: str) -> object:
    return next((each for each in root.iter() if _name(each) == name), None)  # type: ignore[attr-defined]


def _text(node: object, *names: str) -> str:
    """The text of the first child with one of these names."""
    children = list(node) if node is not None else []  # type: ignore[call-overload]
    return next(((each.text or "").strip() for each in children if _name(each) in names), "")


def _reason(node: object) -> str:
    """The codes and words of the reason that stands in the element itself, not in those below it."""
    told = [each for each in node if _name(each) == "StsRsnInf"]  # type: ignore[attr-defined]
    words = [part.text.strip() for each in told for part in each.iter() if part.text and part.text.strip()]
    return " ".join(dict.fromkeys(words))[:500]
