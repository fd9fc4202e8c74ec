"""Every charge comes out the same from the content as lodged; one that was changed behind is found."""

from io import StringIO

import pytest
from django.core.management import call_command

from declarations.models import Charge
from declarations.services.recomputing import recomputed
from tests import make
from tests.clearance import make as files
from tests.payments.test_paying import suspended

pytestmark = pytest.mark.django_db


def test_charges_are_computed_again_from_what_was_lodged_to_the_same_diram() -> None:
    kinds = [
        make.paid(), suspended(), make.assessed(**files.EXPORT), make.assessed(invoice_currency="EUR"),
        files.amended(make.paid(), items=[make.item(item_price="900.00")], invoice_amount="900.00"),
    ]  # fmt: skip
    said = StringIO()
    call_command("recompute_charges", stdout=said)
    assert said.getvalue() == f"{len(kinds) + 1} declarations recomputed: 0 differ\n"
    charge = Charge.objects.filter(declaration=kinds[0]).first()
    assert charge is not None
    again = {
        each.attname: getattr(charge, each.attname) for each in Charge._meta.concrete_fields if not each.primary_key
    }
    Charge.objects.create(**{**again, "sequence": 99})
    found = recomputed(kinds[0], at=make.AT)
    assert found is not None
    assert len(found.stands) == len(found.computed) + 1
    with pytest.raises(SystemExit):
        call_command("recompute_charges", stdout=said)
