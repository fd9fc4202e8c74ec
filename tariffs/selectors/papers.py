"""The law of papers: of which documents a scan is asked for."""

from datetime import date

from lib.remembered import Remembered
from tariffs.models import LegalAct, ScanRule
from tariffs.selectors.codes import Edition

ScansAsked = dict[tuple[str, str], LegalAct]  # (document, procedure; empty: any) -> the act that asks
_read: Remembered[tuple[Edition, date], ScansAsked] = Remembered(64)


def scans_asked(*, on: date, edition: Edition) -> ScansAsked:
    """Of which documents under which procedures the law of the day asks for a scan, with the act."""

    def read() -> ScansAsked:
        rows = ScanRule.objects.on(on).select_related("legal_act")
        return {(row.document_code, row.procedure): row.legal_act for row in rows}

    return _read.one((edition, on), read)
