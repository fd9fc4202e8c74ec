"""Whatever traders and officers do, one after another: no account below zero, nothing drawn twice, all given back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearance.services import stock as desk
from declarations.models import MEASURES, Declaration, Status, StockAccount, StockDischarge, StockMovement
from declarations.services import ending, stock_terms
from declarations.services.stock_write_offs import Act
from lib.figures import ZERO
from lib.violations import Rejected
from tests import make
from tests.declarations.stock_steps import account, amended, goods, home_use, in_warehouse, released, row_on

pytestmark = pytest.mark.django_db
D = Decimal
grams = st.decimals(min_value="0.001", max_value="260", places=3)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("lodge"), grams, st.sampled_from(["1", "2"])),
        st.tuples(st.sampled_from(["cancel", "reject", "release"]), st.integers(0, 9), st.just("")),
        st.tuples(st.just("amend"), st.integers(0, 9), grams),
        st.tuples(st.just("destroy"), grams, st.sampled_from(["1", "2"])),
        st.tuples(st.just("extend"), st.integers(-30, 500), st.sampled_from(["1", "2"])),
    ),
    min_size=3,
    max_size=9,
)


def content(stock: Declaration, net: Decimal, item: str) -> dict[str, object]:
    row = row_on(stock, item_number=item, packages_written_off="1")
    return make.data(items=[goods(written(net))], previous=[row])


def written(net: Decimal) -> str:
    """With four decimals: 1.000 may be read in two ways."""
    return f"{net:.4f}"


class Story:
    """The verbs on a warehouse of two items, beside what ought to be left by simple sums."""

    def __init__(self) -> None:
        self.stock = in_warehouse({}, {"net_mass": "300.5", "gross_mass": "310"})
        self.in_force: list[tuple[Declaration, str, Decimal]] = []
        self.destroyed: list[tuple[str, Decimal]] = []

    def left(self, item: str) -> Decimal:
        gone = [net for _made, number, net in self.in_force if number == item]
        gone += [net for number, net in self.destroyed if number == item]
        return account(self.stock, int(item)).net_mass - sum(gone, ZERO)

    def destroy(self, net: Decimal, item: str) -> None:
        """One officer records it, another confirms."""
        act = Act("destruction", f"17-{len(self.destroyed)}", make.ON, net_mass=net, duty_reason="As the act says.")
        one = account(self.stock, int(item))
        if net > self.left(item):
            with pytest.raises(Rejected), transaction.atomic():
                desk.record_write_off(one, act=act, by=make.officer(), at=make.AT)
            return
        recorded = desk.record_write_off(one, act=act, by=make.officer(), at=make.AT)
        desk.confirm_write_off(recorded, by=make.supervisor(), at=make.AT)
        self.destroyed.append((item, net))

    def extend(self, days: int, item: str) -> None:
        """The term moves where the law lets it, and nothing else."""
        one = account(self.stock, int(item))
        assert one.due is not None
        until = one.due + timedelta(days=days)
        try:
            with transaction.atomic():
                asked = stock_terms.ask_extension(one, until=until, reason="Late.", by=make.trader(), at=make.AT)
                desk.grant_extension(asked, until=until, by=make.officer(), at=make.AT)
        except Rejected:
            until = one.due
        assert account(self.stock, int(item)).due == until

    def lodge(self, net: Decimal, item: str) -> None:
        data = content(self.stock, net, item)
        if net > self.left(item):
            with pytest.raises(Rejected):
                make.lodged(**data)
        else:
            self.in_force.append((make.lodged(**data), item, net))

    def end(self, verb: str, place: int) -> None:
        open_ones = [one for one in self.in_force if one[0].status in (Status.ASSESSED, Status.PAID)]
        if not open_ones:
            return
        one = open_ones[place % len(open_ones)]
        if verb == "release":
            self.in_force[self.in_force.index(one)] = (released(one[0]), *one[1:])
            return
        ended = {"cancel": ending.cancel, "reject": ending.reject}[verb]
        with transaction.atomic():
            ended(one[0], reason="Enough.", by=make.trader(), at=make.AT + timedelta(hours=1))
        self.in_force.remove(one)

    def amend(self, place: int, net: Decimal) -> None:
        open_ones = [one for one in self.in_force if one[0].status == Status.ASSESSED]
        if not open_ones:
            return
        made, item, before = one = open_ones[place % len(open_ones)]
        declared = content(self.stock, net, item)
        changes = {"items": declared["items"], "previous": declared["previous"]}
        if net > self.left(item) + before:
            with pytest.raises(Rejected), transaction.atomic():
                amended(made, **changes)
        else:
            self.in_force[self.in_force.index(one)] = (amended(made, **changes), item, net)

    def check(self) -> None:
        for item in ("1", "2"):
            one = account(self.stock, int(item))
            assert one.net_mass_left == self.left(item) >= 0
            sums = one.movements.aggregate(**{name: Sum(name) for name in MEASURES})
            for name in MEASURES:
                assert getattr(one, f"{name}_left") == getattr(one, name) - (sums[name] or 0)
                assert 0 <= getattr(one, f"{name}_left") <= getattr(one, name)
        assert StockMovement.objects.filter(kind="destruction").count() == len(self.destroyed)
        drawn = {row.item_id: row for row in StockMovement.objects.filter(kind="draw")}
        for row in StockMovement.objects.filter(kind="give_back"):
            for name in MEASURES:
                assert getattr(row, name) == -getattr(drawn[row.item_id], name)
        standing = {made.pk for made, _item, _net in self.in_force}
        given_back = set(StockMovement.objects.filter(kind="give_back").values_list("item_id", flat=True))
        assert {row.item.declaration_id for key, row in drawn.items() if key not in given_back} == standing
        let_go = {made.pk for made, _item, _net in self.in_force if made.status == Status.RELEASED}
        drawing = StockDischarge.objects.filter(movement__item__isnull=False)
        assert set(drawing.values_list("movement__item__declaration_id", flat=True)) == let_go


@settings(max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=steps)
def test_what_is_left_is_what_came_in_less_what_stands_drawn(story: list[tuple[str, object, object]]) -> None:
    with transaction.atomic():
        told = Story()
        for verb, first, second in story:
            if verb in ("lodge", "destroy"):
                assert isinstance(first, Decimal)
                (told.lodge if verb == "lodge" else told.destroy)(first, str(second))
            elif verb == "extend":
                assert isinstance(first, int)
                told.extend(first, str(second))
            elif verb == "amend":
                assert isinstance(first, int)
                assert isinstance(second, Decimal)
                told.amend(first, second)
            else:
                assert isinstance(first, int)
                told.end(verb, first)
            told.check()
        transaction.set_rollback(True)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(grams, min_size=1, max_size=5))
def test_drawn_to_the_last_gram_the_value_goes_with_it(parts: list[Decimal]) -> None:
    with transaction.atomic():
        stock = in_warehouse({"packages_number": "6"})
        for net in parts:
            if net < account(stock).net_mass_left:
                make.lodged(**home_use(stock, written(net), packages_written_off="1"))
        rest = account(stock)
        assert rest.value_left >= 0
        make.lodged(**home_use(stock, written(rest.net_mass_left), packages_written_off="1"))
        assert not StockAccount.objects.with_stock().exists()
        assert account(stock).value_left == 0
        transaction.set_rollback(True)
