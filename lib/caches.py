"""The shared cache, which may be away: then each process goes on with a cache of its own, and nobody waits for Redis.

What is kept here may be lost at any moment: counts of requests, progress of long work.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from lib.breaker import Breaker

SECONDS = 0.5
T = TypeVar("T")


class RedisOrOwnCache(BaseCache):
    """Asks Redis; while that fails, a cache in this process's memory."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "socket_timeout": SECONDS,
            "socket_connect_timeout": SECONDS,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        self._shared = RedisCache(server, {**params, "OPTIONS": options})
        self._own = LocMemCache("while-redis-is-away", params)
        self._breaker = Breaker()

    def _ask(self, verb: Callable[[BaseCache], T]) -> T:
        if self._breaker.allows():
            try:
                answer = verb(self._shared)
            except (RedisError, OSError):
                self._breaker.failed()
            except ValueError:  # Django's answer to `incr` of a key that is not there
                self._breaker.worked()
                raise
            else:
                self._breaker.worked()
                return answer
        return verb(self._own)

    def add(self, key: Any, value: Any, timeout: Any = ..., version: Any = None) -> bool:
        return self._ask(lambda cache: cache.add(key, value, **_given(timeout), version=version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version=version))

    def set(self, key: Any, value: Any, timeout: Any = ..., version: Any = None) -> None:
        self._ask(lambda cache: cache.set(key, value, **_given(timeout), version=version))

    def touch(self, key: Any, timeout: Any = ..., version: Any = None) -> bool:
        return self._ask(lambda cache: cache.touch(key, **_given(timeout), version=version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.delete(key, version=version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """Counting goes on where Redis went away in the middle: a key that is not there begins at `delta`."""

        def count(cache: BaseCache) -> int:
            if cache is self._own:
                cache.add(key, 0, version=version)
            return cache.incr(key, delta, version=version)

        return self._ask(count)

    def has_key(self, key: Any, version: Any = None) -> bool:
        return self._ask(lambda cache: cache.has_key(key, version=version))

    def clear(self) -> None:
        self._ask(lambda cache: cache.clear())


def _given(timeout: Any) -> dict[str, Any]:
    """`timeout` where the caller names one: `None` means for ever, so absence needs a mark of its own."""
    return {} if timeout is ... else {"timeout": timeout}
