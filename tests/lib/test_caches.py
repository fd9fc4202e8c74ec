"""The cache while Redis is away, and the breaker that stops asking."""

import pytest

from lib.breaker import Breaker
from lib.caches import RedisOrOwnCache

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def away() -> RedisOrOwnCache:
    cache = RedisOrOwnCache(NOBODY, {})
    cache.clear()
    return cache


def test_counting_and_keeping_go_on_without_redis(away: RedisOrOwnCache) -> None:
    assert away.get("nothing", "given") == "given"
    assert away.add("count", 0) is True
    assert away.incr("count") == 1
    assert away.incr("count", 2) == 3
    away.set("kept", {"a": 1}, timeout=60)
    assert away.get("kept") == {"a": 1}
    assert away.has_key("kept")
    assert away.delete("kept") is True
    assert away.get_many(["count", "kept"]) == {"count": 3}


def test_a_key_that_redis_had_and_the_own_cache_has_not_counts_from_the_beginning(away: RedisOrOwnCache) -> None:
    assert away.incr("begun-elsewhere") == 1


def test_the_breaker_lets_one_try_through_after_each_pause_and_closes_when_it_works() -> None:
    now = 100.0
    breaker = Breaker(pause=5, clock=lambda: now)
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now = 105.0
    assert breaker.allows()
    assert not breaker.allows(), "the others wait for what the one finds"
    assert breaker.worked() is True
    assert breaker.allows()
    assert breaker.worked() is False
