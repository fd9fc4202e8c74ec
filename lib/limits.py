"""How often somebody asks: counted for each person or address and minute in the shared cache."""

import time

from django.core.cache import cache
from django.http import HttpRequest

from lib.requests import client


def asked_this_minute(request: HttpRequest, what: str) -> int:
    """How many times whoever asks has asked for `what` in this minute, this time included.

    A person who is signed in counts as that person, anybody else by the address (see `lib.requests.client`).
    """
    user = getattr(request, "user", None)
    who = f"person-{user.pk}" if user is not None and user.is_authenticated else client(request)
    return counted(f"{what}:{who}:{int(time.time()) // 60}", seconds=120)


def counted(key: str, *, seconds: int) -> int:
    """How often this was called with `key`, this time included, since it was first called `seconds` ago or less."""
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it was thrown out between the two calls
        return 1
