"""Bank statements are read in every version within bounds, and what may not be booked is refused with its place."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.creditor_reference import COMPANY, DECLARATION, in_groups, near_numbers_in, numbers_in, reference_of
from lib.money import Currency
from payments.bank_files import FaultyFile, Judged, Movement, Ours, judge, movements
from payments.bank_files.faults import SENTENCES
from tests.payments.statement_files import OURS, Told, camt, mt940

TJS = Ours([OURS], Currency("TJS", 2))
ONE = Told("250.50", "B1", reference="RF04C010000001", end_to_end="E1", text="for tea")


def read(content: bytes, ours: Ours = TJS) -> tuple[Judged, list[Movement]]:
    return judge(io.BytesIO(content), ours), list(movements(io.BytesIO(content), ours))


def fault_of(content: bytes, ours: Ours = TJS) -> tuple[str, str]:
    with pytest.raises(FaultyFile) as refused:
        judge(io.BytesIO(content), ours)
    fault = refused.value.fault
    assert fault.as_violation().sentence.endswith((".", ")"))
    return fault.code, fault.pointer


@pytest.mark.parametrize("form", ["053", "054"])
@pytest.mark.parametrize("version", range(2, 9))
def test_every_version_says_the_same(form: str, version: int) -> None:
    judged, [found] = read(camt([ONE], form=form, version=version))
    assert judged.form == f"camt.{form}.001.{version:02}"
    assert judged.total == 1
    [part] = found.parts
    assert (found.amount, found.bank_reference, found.value_date.isoformat()) == (Decimal("250.50"), "B1", "2026-11-23")
    assert (part.payer, part.payer_account) == ("Somon Trade LLC", "20206972000000000042")
    assert part.references == ("RF04C010000001", "E1")
    assert part.text == "for tea"


def test_a_movement_has_one_name_in_statement_notification_and_mt940() -> None:
    files = [camt([ONE]), camt([ONE], form="054", version=2), mt940([ONE]), camt([Told("250.5", "B1")], version=4)]
    assert len({read(content)[1][0].key for content in files}) == 1
    others = [
        Told("250.51", "B1"),
        Told("250.50", "B2"),
        Told("-250.50", "B1"),
        Told("250.50", "B1", day=ONE.day.replace(day=22)),
    ]
    assert len({read(camt([each]))[1][0].key for each in [ONE, *others]}) == 5


def test_mt940_says_what_goes_out_and_what_is_taken_back() -> None:
    told = [
        ONE,
        Told("-5.00", "F1", text="fee"),
        Told("-250.50", "B1", reversal=True),
        Told("3.00", "F1", reversal=True),
    ]
    found = read(mt940(told))[1]
    assert [(each.amount, each.is_reversal) for each in found] == [
        (Decimal("250.50"), False), (Decimal("-5.00"), False), (Decimal("-250.50"), True), (Decimal("3.00"), True),
    ]  # fmt: skip


def test_a_batch_is_its_payments_where_they_make_up_the_whole_and_else_one() -> None:
    batch = Told("30.00", "B1", details=(("10.00", "RF04C010000001"), ("20.00", "X")))
    assert [part.amount for part in read(camt([batch]))[1][0].parts] == [Decimal(10), Decimal(20)]
    short = Told("31.00", "B1", details=(("10.00", "RF04C010000001"), ("20.00", "X")))
    assert [part.amount for part in read(camt([short]))[1][0].parts] == [Decimal(31)]


def test_what_is_pending_has_not_moved() -> None:
    judged, found = read(camt([ONE, Told("9.00", "B9", state="PDNG")]))
    assert (judged.total, len(found)) == (1, 1)


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Document>&b;</Document>'
WHOLE = camt([ONE, Told("1.00", "B2")])
REFUSED = {
    "another account": (camt([ONE], account="20204972999999999999"), "B004", "statements[0].account"),
    "another currency": (camt([ONE], currency="USD"), "B005", "statements[0].currency"),
    "an entry in another currency": (
        WHOLE.replace(b'<Ntry><Amt Ccy="TJS">1.00', b'<Ntry><Amt Ccy="USD">1.00'), "B005",
        "statements[0].entries[1].currency",
    ),
    "five decimals": (camt([ONE, Told("1.00001", "B2")], closing="1251.50"), "B006", "statements[0].entries[1].amount"),
    "an amount in words": (camt([ONE]).replace(b">250.50<", b">2,5e2<", 1), "B006", "statements[0].entries[0].amount"),
    "nothing moved": (camt([Told("0.00", "B2")]), "B006", "statements[0].entries[0].amount"),
    "a closing balance of its own": (camt([ONE], closing="1250.51"), "B007", "statements[0].closing"),
    "an entry twice": (camt([ONE, ONE]), "B008", "statements[0].entries[1]"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "B002", ""),
    "cut off before the last sign": (WHOLE[:-1], "B002", ""),
    "a bomb of entities": (BOMB, "B003", ""),
    "a bomb of depth": (WHOLE.replace(b"<Ntry>", b"<Ntry>" + b"<a>" * 99), "B003", ""),
    "a bomb of text": (WHOLE.replace(b"for tea", b"tea" * 9999), "B003", ""),
    "a bomb of an attribute": (WHOLE.replace(b"<Ntry>", b'<Ntry a="' + b"x" * 2_000_000 + b'">'), "B003", ""),
    "a bomb of elements": (WHOLE.replace(b"<NtryDtls>", b"<NtryDtls>" + b"<a/>" * 100_000), "B003", ""),
    "another message": (WHOLE.replace(b"camt.053.001.08", b"pain.001.001.09"), "B001", ""),
    "a version to come": (WHOLE.replace(b"camt.053.001.08", b"camt.053.001.12"), "B001", ""),
    "no balances": (WHOLE.replace(b"<Cd>CLBD</Cd>", b"<Cd>FWAV</Cd>"), "B009", "statements[0].closing"),
    "no side": (
        WHOLE.replace(b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<Sts>"), "B009", "statements[0].entries[0].amount",
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "B001", ""),
    "MT940 cut off": (mt940([ONE])[:120], "B002", "statements[0].closing"),
    "MT940 of another account": (mt940([ONE], account="1"), "B004", "statements[0].account"),
    "MT940 that does not close": (mt940([ONE], closing="1.00"), "B007", "statements[0].closing"),
    "MT940 with five decimals": (
        mt940([Told("1.00001", "B2")], closing="1001.00"), "B006", "statements[0].entries[0].amount",
    ),
    "MT940 with an entry that cannot be read": (
        mt940([ONE]).replace(b":61:2611231123C", b":61:26112311X3"), "B002", "statements[0]",
    ),
    "MT940 with an entry twice": (mt940([ONE, ONE]), "B008", "statements[0].entries[1]"),
    "MT940 with a line without end": (mt940([ONE]).replace(b"for tea", b"tea" * 999), "B003", "statements[0]"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_be_booked_is_refused_with_code_and_place(name: str) -> None:
    content, code, pointer = REFUSED[name]
    assert fault_of(content) == (code, pointer)


def test_every_fault_has_its_sentence() -> None:
    assert {code for _content, code, _pointer in REFUSED.values()} | {"B010"} == set(SENTENCES)


def test_a_text_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(mt940([ONE]))
    assert fault_of(str(path).encode())[0] == "B001"


# References ---------------------------------------------------------------------------------------------------
BODIES = st.text(alphabet="0123456789", min_size=3, max_size=20)


@given(
    number=BODIES, before=st.sampled_from(["", "оплата ", "Ref:", "№ "]), after=st.sampled_from(["", " спасибо", ", 5"])
)
@settings(max_examples=60, deadline=None)
def test_a_reference_is_found_as_people_write_it(number: str, before: str, after: str) -> None:
    reference = reference_of(COMPANY, number)
    for written in (reference, in_groups(reference), reference.lower(), reference.replace("C", "С")):
        found = numbers_in(f"{before}{written}{after}")
        assert (COMPANY, number) in found
        assert len(found) == 1 or " " in written, "only the end of groups is uncertain"


@given(number=BODIES, data=st.data())
@settings(max_examples=40, deadline=None)
def test_one_wrong_digit_is_never_taken_for_right_and_always_guessed(number: str, data: st.DataObject) -> None:
    reference = reference_of(COMPANY, number)
    place = data.draw(st.integers(5, len(reference) - 1))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != reference[place]]))
    wrong = reference[:place] + digit + reference[place + 1 :]
    assert numbers_in(wrong) == set()
    assert (COMPANY, number) in near_numbers_in(wrong)


def test_a_number_that_fits_into_no_reference_has_none() -> None:
    assert reference_of(COMPANY, "9" * 21) == reference_of(COMPANY, "12-3") == ""
    assert len(reference_of(DECLARATION, "26TJ0100000000017X"[:18])) == 23


# Real files ---------------------------------------------------------------------------------------------------
SEK = Ours(["CH2801234000123456789", "50000000054910000003"], Currency("SEK", 2))
EUR = Ours(["NL26VAYB8060476890"], Currency("EUR", 2))


@pytest.mark.parametrize("name", [
    "camt054.v2.with-account-name.xml", "camt054.v2.xml", "camt054.v4.xml", "camt054.v8-with-UETR.xml",
    "camt054.v8-with-financial-institution.xml", "camt054.v8.xml",
])  # fmt: skip
def test_real_notifications_are_read(shared_data: Path, name: str) -> None:
    ours = Ours([*SEK.accounts, *EUR.accounts], SEK.currency)
    judged, [found] = read((shared_data / "iso20022" / name).read_bytes(), ours)
    assert judged.form.startswith("camt.054.001.0")
    assert (found.amount, found.currency) == (Decimal(-200000), "SEK")


def test_real_statements_are_read_or_refused_for_what_is_wrong_with_them(shared_data: Path) -> None:
    folder = shared_data / "iso20022"
    judged, found = read((folder / "camt053.v2.multi.statement.xml").read_bytes(), EUR)
    assert [each.amount for each in found] == [Decimal("8.85"), Decimal("-7.00")]
    assert [each.begun.closing for each in judged.statements] == [Decimal(27), Decimal(20)]
    assert fault_of((folder / "camt053.v2.five.decimals.xml").read_bytes(), EUR) == ("B007", "statements[0].closing")
    for name in ("camt053.v2.minimal.xml", "camt053.v8.xml"):  # their closing balances are in another currency
        ours = Ours([*EUR.accounts, "50000000054910000003", "CH5109000000250090342"], EUR.currency)
        assert fault_of((folder / name).read_bytes(), ours) == ("B005", "statements[0].closing")
