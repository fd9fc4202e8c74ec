"""The order of the questions: what is ticked decides which follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.figures import plain
from lib.pointers import place_in
from passengers.services import read
from tariffs.models import TravelCategory

TOPICS = dict(TravelCategory.Topic.choices)
TITLES: dict[str, str | Promise] = {
    "carries": _("What you carry"),
    "trip": _("Your trip"),
    "people": _("Who travels"),
    "money": _("Money"),
    "vehicle": _("The vehicle"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A question: its name in the address, its title, and what was said there."""

    name: str
    title: str | Promise
    said: Sequence[str] = ()


def names_of(draft: Mapping[str, Any]) -> list[str]:
    """The questions of this working copy, in order; goods stand topic by topic."""
    carries = set(draft.get("carries", ()))
    return [
        "carries",
        "trip",
        "people",
        *(["money"] if "money" in carries else []),
        *(topic for topic in TOPICS if topic in carries),
        *(["vehicle"] if "vehicle" in carries else []),
    ]


def steps_of(draft: Mapping[str, Any]) -> list[Step]:
    return [Step(name, title_of(name)) for name in names_of(draft)]


def said_at_each(draft: Mapping[str, Any], categories: Mapping[str, str], posts: Mapping[str, str]) -> list[Step]:
    """The questions with what was said at each, in few words; `categories` and `posts` name their codes."""
    content = read(draft)
    said: dict[str, list[str]] = {
        "trip": [each for each in (posts.get(content.trip.post, content.trip.post), content.trip.carriage) if each],
        "people": [person.name for person in content.people],
        "money": [f"{plain(row.amount)} {row.currency}" for row in content.money if row.amount],
        "vehicle": [content.car.plate] if content.car else [],
    }
    shown = (row for row in draft.get("goods", ()) if row.get("topic") in content.carries)
    for row, thing in zip(shown, content.things, strict=True):
        what = thing.description or categories.get(thing.category, "")
        price = "" if thing.price is None else f"{plain(thing.price)} {thing.currency}"
        said.setdefault(str(row["topic"]), []).append(": ".join(part for part in (what, price) if part))
    return [replace(step, said=said.get(step.name, ())) for step in steps_of(draft)]


def title_of(name: str) -> str | Promise:
    if name in TITLES:
        return TITLES[name]
    return str(TOPICS[name])[:1].upper() + str(TOPICS[name])[1:]


def first_open(draft: Mapping[str, Any]) -> str:
    """The question that a new working copy begins with: what was ticked on the start page is not asked again."""
    names = names_of(draft)
    return names[1] if draft.get("carries") else names[0]


def after(draft: Mapping[str, Any], name: str) -> str:
    """The question after this one; empty: none, the answer follows."""
    names = names_of(draft)
    place = names.index(name) + 1 if name in names else len(names)
    return names[place] if place < len(names) else ""


def step_of(pointer: str, draft: Mapping[str, Any]) -> str:
    """The question where a fault is mended: `goods[3].price` lies in that of its topic."""
    part = pointer.partition(".")[0].partition("[")[0]
    if part != "goods":
        return part
    carries = set(draft.get("carries", ()))
    rows = [row for row in draft.get("goods", ()) if row.get("topic") in carries]
    place = place_in(pointer, "goods")
    return str(rows[place]["topic"]) if place is not None and place < len(rows) else "carries"
