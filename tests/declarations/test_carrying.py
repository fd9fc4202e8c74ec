"""What a copy and a template take over: what names the earlier consignment or has ended is left out, and said."""

from datetime import date
from typing import Any

import pytest

from declarations.services.carrying import CONSIGNMENT, ENDED, for_a_copy, for_a_template
from tariffs.models import DocumentType

ON = date(2026, 11, 23)
TYPES = {
    row.code: row
    for row in (
        DocumentType(code="380", is_invoice=True),
        DocumentType(code="730", is_transport=True),
        DocumentType(code="ST1", one_consignment=True),
        DocumentType(code="315"),
        DocumentType(code="911", valid_days=365),
        DocumentType(code="MEDR", valid_days=10**9 - 1),
    )
}


def paper(code: str, day: str = "2026-01-05", reference: str = "7") -> dict[str, str]:
    return {name: text for name, text in (("code", code), ("reference", reference), ("date", day)) if text}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (paper("380"), CONSIGNMENT),
        (paper("730", day=""), CONSIGNMENT),
        (paper("ST1", day="2026-11-20"), CONSIGNMENT),
        (paper("911", day="2025-11-23"), ""),  # the last day counts
        (paper("911", day="2025-11-22"), ENDED),
        (paper("911", day=""), ""),
        (paper("315", day="2016-01-01"), ""),
        (paper("MEDR", day="9998-01-01"), ""),
        (paper("ZZZ"), ""),
        ({"code": "380"}, ""),  # a line without a number names no consignment yet
    ],
)
def test_a_paper_holds_or_is_left_out_with_the_reason(one: dict[str, str], reason: str) -> None:
    data = {"items": [{"commodity_code": "1", "documents": [one]}, {"documents": [one, paper("315", "", "C")]}]}
    copied = for_a_copy(data, {}, types=TYPES, on=ON)
    assert [row["reason"] for row in copied.left_out] == ([reason] if reason else [])
    assert one in copied.data["items"][0]["documents"] or reason
    if reason:
        assert copied.left_out[0]["items"] == [1, 2]
        assert [item["documents"] for item in copied.data["items"]] == [[], [paper("315", "", "C")]]
        form = for_a_template(data, {}, types=TYPES, on=ON)
        assert form.data["items"][0]["documents"] == [{"code": one["code"]}]
    assert data["items"][0]["documents"] == [one]


def test_texts_that_could_not_be_read_go_with_their_rows() -> None:
    data: dict[str, Any] = {
        "containers": [{"identity": "MSKU1234565"}],
        "items": [{"extended_procedure": "4071", "previous_document": "TJ01/2026/R/1", "documents": [
            paper("380"), {"code": "315", "reference": "C-1"}]}],
    }  # fmt: skip
    held = {"containers[0].gross_mass": "x", "items[0].documents[0].date": "soon", "items[0].documents[1].date": "12/1",
            "lrn": "?", "total_packages": "many", "items[0].licence_amount": "lots"}  # fmt: skip
    copied = for_a_copy(data, held, types=TYPES, on=ON)
    assert copied.held == {"items[0].documents[0].date": "12/1", "total_packages": "many"}
    assert copied.data["items"][0]["previous_document"] == "TJ01/2026/R/1"  # drawn from stock: others draw as well
    assert {row["pointer"] for row in copied.left_out} == {
        "containers[0]", "items[0].documents[0]", "items[0].licence_amount"}  # fmt: skip
    form = for_a_template(data, held, types=TYPES, on=ON)
    assert form.held == {"items[0].documents[1].date": "12/1", "total_packages": "many"}
