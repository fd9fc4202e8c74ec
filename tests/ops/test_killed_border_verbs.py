"""The verbs of the post, killed before and after each of their commits, and sent again under the same key.

An officer's phone sends again what was not answered; the sweep does what a verb set to work. Then all is as if the verb
had never been killed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from celery import current_app

from accounts.services import followups
from border import services
from border.models import CargoHandover, GoodsAside, TravelAct, TravelLane
from lib.violations import Conflict
from passengers.models import Event, TravelDeclaration
from payments import bank
from payments.models import Posting
from tests import make
from tests.border import posting as post
from tests.ops.killing import moments
from tests.ops.test_killed_verbs import repair
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_server]


@dataclass(frozen=True)
class Verb:
    begin: Callable[[], TravelDeclaration]
    do: Callable[[TravelDeclaration], Any]


def announced() -> TravelDeclaration:
    return way.sent(way.draft())


def cheaper(made: TravelDeclaration) -> Any:
    return post.dearer(made, "1200")


def paid_here() -> TravelDeclaration:
    made = way.sent(way.with_clothes())
    return post.present(way.paid(made, transaction=f"TX-{made.pk}"))


def seen_here() -> TravelDeclaration:
    return post.present(announced())


def kept() -> TravelDeclaration:
    return post.put_aside(post.standing()).declaration  # type: ignore[no-any-return]


def give_back(made: TravelDeclaration) -> Any:
    aside = GoodsAside.objects.get(declaration=made)
    end = GoodsAside.Status.GIVEN_BACK
    return services.decide_aside(aside, end=end, reason="Paid.", by=post.at_post(), **post.WHEN)


def hand_over(made: TravelDeclaration) -> Any:
    return services.hand_over(made, office="", keys=["a1"], reason="x", seen=None, by=post.at_post(), **post.WHEN)


def through(made: TravelDeclaration) -> Any:
    return services.let_through(made, post=post.POST, by=post.at_post(), **post.WHEN)


VERBS = {
    "present": Verb(announced, post.present),
    "let through": Verb(announced, through),
    "look": Verb(seen_here, post.look),
    "correct downwards what was paid": Verb(paid_here, cheaper),
    "let go": Verb(seen_here, post.go),
    "set aside": Verb(post.standing, post.put_aside),
    "set aside what was paid": Verb(paid_here, post.put_aside),
    "decide what was kept": Verb(kept, give_back),
    "hand over": Verb(post.standing, hand_over),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_of_the_post_that_is_killed_is_done_once_when_it_is_sent_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verb = VERBS[name]
    _prepare(monkeypatch)
    never_killed = verb.begin()
    _sent(verb, never_killed)
    repair()
    expected = facts(never_killed)
    for moment in moments():
        made = verb.begin()
        repair()
        moment.kills(lambda d=made: _sent(verb, d))  # type: ignore[misc]
        _sent(verb, made)
        repair()
        assert facts(made) == expected, (name, moment)


def _sent(verb: Verb, made: TravelDeclaration) -> None:
    """As the door does, under a key that the phone keeps."""

    def do() -> str:
        verb.do(TravelDeclaration.objects.get(pk=made.pk))
        return "done"

    services.once(made, key=f"key-{made.pk}", verb="x", sent={}, by=post.at_post(), at=way.LATER, told_at=None, do=do)


def _prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    current_app.loader.import_default_modules()
    monkeypatch.setattr(followups, "_send", lambda due: followups.visit(due.key))
    started = bank.Started(bank_reference="B-7", url="http://bank.example/B-7/")
    monkeypatch.setattr(bank, "start", lambda **_message: started)
    monkeypatch.setattr(bank, "refund", lambda **_message: None)
    post.quiet()
    post.at_post()
    make.trader()


def facts(made: TravelDeclaration) -> dict[str, Any]:
    """What is known of it, without names that differ from one to the next."""
    now = TravelDeclaration.objects.get(pk=made.pk)
    postings = Posting.objects.filter(entry__travel=now)
    return {
        "stands": (now.status, now.version, now.payable, now.paid, now.presented_post),
        "history": sorted(Event.objects.filter(declaration=now).values_list("verb", "new_status")),
        "lanes": sorted(TravelLane.objects.filter(declaration=now).values_list("version", "lane")),
        "aside": sorted(GoodsAside.objects.filter(declaration=now).values_list("kind", "status")),
        "cargo": CargoHandover.objects.filter(declaration=now).count(),
        "acts": TravelAct.objects.filter(declaration=now).count(),
        "money": sorted(postings.values_list("account__kind", "debit", "credit")),
    }


def test_a_key_that_asks_for_something_else_is_told_so_by_every_door() -> None:
    post.at_post()
    made = announced()
    same = {"by": post.at_post(), "at": way.LATER, "told_at": None, "do": lambda: "done"}
    services.once(made, key="k", verb="x", sent={}, **same)
    with pytest.raises(Conflict):
        services.once(made, key="k", verb="y", sent={}, **same)
