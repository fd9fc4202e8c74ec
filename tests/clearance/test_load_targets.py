"""Target times of a country folder: loaded whole, or every fault is named by row and column and nothing changes."""

from pathlib import Path

import pytest

from clearance import services
from clearance.models import Target
from lib.violations import Rejected
from tests import make

pytestmark = pytest.mark.django_db


def test_target_times_come_from_a_table_of_any_program(tmp_path: Path) -> None:
    content = "Коридор;Часы;Действует с;Действует по\ngreen;1;01.01.2026;31.12.2026\ngreen;2;01.01.2027;\n"
    (tmp_path / "targets.csv").write_bytes(content.encode("utf-16"))
    assert services.load_targets(tmp_path, at=make.AT) == 2
    assert list(Target.objects.order_by("valid_from").values_list("hours", flat=True)) == [1, 2]


def test_every_fault_is_named_and_the_old_times_stay(tmp_path: Path, country: Path) -> None:
    standing = services.load_targets(country, at=make.AT)
    rows = ["pink,1,2026-01-01,", "green,0,2026-01-01,", "blue,x,11/12/2026,", "red,4,2026-01-01,", "red,5,2026-06-01,"]
    (tmp_path / "targets.csv").write_text("\n".join(["lane,hours,valid_from,valid_to", *rows]))
    with pytest.raises(Rejected) as refusal:
        services.load_targets(tmp_path, at=make.AT)
    assert [(fault.code, fault.pointer) for fault in refusal.value.violations] == [
        ("K040", "targets.csv:2:lane"),
        ("K040", "targets.csv:3:hours"),
        ("K040", "targets.csv:4:valid_from"),
        ("K040", "targets.csv:6:valid_from"),
    ]
    assert Target.objects.count() == standing
