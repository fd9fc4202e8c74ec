"""`compare_sad`: historic exports recomputed under their country's law, each line beside the file's own."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.countries import load_instead

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def compared(*args: str) -> tuple[list[str], int]:
    """The lines that the command prints, and its exit status."""
    out = StringIO()
    try:
        call_command("compare_sad", *args, stdout=out)
    except SystemExit as stop:
        return out.getvalue().splitlines(), int(str(stop.code))
    return out.getvalue().splitlines(), 0


@pytest.mark.parametrize(
    ("country", "file", "on", "summary", "total"),
    [
        ("al", "al_im4_40_items.xml", "2016-09-09", "80 lines, 80 equal, 0 within 0.01, 0 differ", "2303330"),
        ("al", "al_im4_1_item.xml", "2016-08-26", "2 lines, 2 equal, 0 within 0.01, 0 differ", "180464"),
        ("gd", "gd_im7_3_items.xml", "2015-03-31", "9 lines, 8 equal, 1 within 0.01, 0 differ", "370.36"),
    ],
)
def test_a_historic_export_comes_to_the_same_under_its_countrys_law(
    shared_data: Path, country: str, file: str, on: str, summary: str, total: str
) -> None:
    load_instead(country)
    printed, status = compared(f"--on={on}", str(shared_data / "asycuda" / file))
    assert printed[-1] == summary
    assert status == 0
    payable = next(line for line in printed if "payable" in line).split()
    assert [Decimal(figure) for figure in payable[1:3]] == [Decimal(total)] * 2


def test_with_rates_from_the_file_fractions_are_read_as_the_file_means_them(shared_data: Path) -> None:
    load_instead("al")
    file = str(shared_data / "asycuda" / "al_im4_40_items.xml")
    printed, status = compared("--rates-from-file", file)
    assert printed[-1] == "80 lines, 80 equal, 0 within 0.01, 0 differ"
    assert status == 0


def test_a_tax_that_the_country_does_not_have_makes_the_comparison_fail(shared_data: Path) -> None:
    printed, status = compared(str(shared_data / "asycuda" / "gd_im7_3_items.xml"))
    assert any("differs: missing here" in line for line in printed)
    assert printed[-1].endswith(" 9 differ")
    assert status == 1


def test_a_file_that_is_no_export_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.xml"
    wrong.write_text("<html/>")
    with pytest.raises(CommandError, match=r"wrong\.xml: X004"):
        call_command("compare_sad", str(wrong))
