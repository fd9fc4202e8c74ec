"""How often somebody asks: counted for each address and minute in the shared cache."""

import time

from django.core.cache import cache
from django.http import HttpRequest


def asked_this_minute(request: HttpRequest, what: str) -> int:
    """How many times the address of the request has asked for `what` in this minute, this time included."""
    minute = int(time.time()) // 60
    key = f"{what}:{request.META.get('REMOTE_ADDR', '')}:{minute}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key)
    except ValueError:  # it was thrown out between the two calls
        return 1
