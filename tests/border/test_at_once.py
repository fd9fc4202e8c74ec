"""Over real connections: two officers on one traveller at each verb, and one act that comes twice at the same time."""

from collections.abc import Callable
from typing import Any

import pytest

from border import services
from border.models import GoodsAside, TravelAct
from lib.violations import Rejected
from passengers.models import TravelDeclaration
from tests.border import posting as post
from tests.passengers import travelling as way
from tests.payments.test_incoming_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
Verb = Callable[[TravelDeclaration, Any], Any]

PAIRS: dict[str, tuple[Callable[[], TravelDeclaration], Verb, str]] = {
    "present": (lambda: way.sent(way.draft()), lambda made, by: post.present(made, by=by), "present"),
    "look": (
        lambda: post.present(way.sent(way.draft())),
        lambda made, by: services.examine(made, seen=None, note="", by=by, **post.WHEN),
        "examine",
    ),
    "correct": (post.standing, lambda made, by: post.dearer(made, "1600", seen=1, by=by), "correct"),
    "let go": (lambda: post.present(way.sent(way.draft())), lambda made, by: post.go(made, by=by), "release"),
    "set aside": (post.standing, lambda made, by: post.put_aside(made, by=by, seen=1), "keep_goods"),
    "hand over": (
        post.standing,
        lambda made, by: services.hand_over(made, office="", keys=["a1"], reason="x", seen=1, by=by, **post.WHEN),
        "hand_over",
    ),
}


def test_two_officers_on_one_traveller_do_each_verb_once() -> None:
    post.quiet()
    first, second = post.at_post(), post.second()
    for name, (begin, verb, event) in PAIRS.items():
        made = begin()
        outcomes = at_once(*(lambda by=by, m=made, v=verb: v(m, by) for by in (first, second)))  # type: ignore[misc]
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert len(refused) == 1, (name, outcomes)
        assert isinstance(refused[0], Rejected), (name, refused)
        assert made.events.filter(verb=event).count() == 1, name
    _an_end_is_decided_once(first, second)
    _one_act_twice(first)


def _an_end_is_decided_once(first: Any, second: Any) -> None:
    aside = post.put_aside(post.standing())
    ends = (GoodsAside.Status.GIVEN_BACK, GoodsAside.Status.RETAINED)
    outcomes = at_once(
        *(
            lambda end=end, by=by: services.decide_aside(aside, end=end, reason="x", by=by, **post.WHEN)  # type: ignore[misc]
            for end, by in zip(ends, (first, second), strict=True)
        )
    )
    assert sum(isinstance(each, Rejected) for each in outcomes) == 1


def _one_act_twice(officer: Any) -> None:
    """The line came back while the phone tried again: one of the two waits for the other and says the same."""
    made = way.sent(way.draft())

    def send() -> Any:
        return services.once(
            made, key="twice", verb="through", sent={}, by=officer, at=way.LATER, told_at=None,
            do=lambda: services.let_through(made, post=post.POST, by=officer, **post.WHEN),
        )  # fmt: skip

    outcomes = at_once(*([send] * 4))
    assert [each.sentence for each in outcomes] == ["Let through."] * 4
    assert sorted(each.again for each in outcomes) == [False, True, True, True]
    assert (TravelAct.objects.filter(key="twice").count(), made.events.filter(verb="release").count()) == (1, 1)
