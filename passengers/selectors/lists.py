"""What the fields of a question choose from. `forms.Lists` is filled here, so that doors read no tables."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lib.languages import in_language
from passengers.content import read
from passengers.lists import Lists
from passengers.selectors import law as law_of
from tariffs.models import Way
from tariffs.selectors import code_list, exchange_rates_in_force, territory


def category_names(*, on: date) -> dict[str, str]:
    """code -> name of each category of goods, in the reader's language."""
    return {row.code: in_language(row) for row in law_of.categories(on=on)}


def post_names(*, on: date) -> dict[str, str]:
    """code -> name of each post for travellers, in the reader's language."""
    return {post.code: in_language(post) for way in Way.values for post in law_of.posts(way=way, on=on)}


def lists_for(draft: Mapping[str, Any], *, on: date, step: str) -> Lists:
    """Only what the question needs is read."""
    home = territory()
    currencies: list[str] = []
    if step not in ("trip", "people", "carries"):
        known = [row.currency for row in exchange_rates_in_force(on=on)]
        currencies = list(dict.fromkeys([home.currency, *home.trade_currencies, *known]))
    posts = (
        {way: [(post.code, in_language(post)) for post in law_of.posts(way=way, on=on)] for way in Way.values}
        if step == "trip"
        else {}
    )
    people = [(str(number), person.name or f"{number}") for number, person in enumerate(read(draft).people, start=1)]
    return Lists(
        posts=posts,
        countries=code_list("country", on=on) if step != "carries" else {},
        currencies=currencies,
        categories=law_of.categories(on=on) if step not in ("trip", "people", "carries", "money", "vehicle") else (),
        people=people,
    )
