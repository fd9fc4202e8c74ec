"""What a process remembers of tables that seldom change: bounded, the longest unused goes first, safe for threads.

A key holds whatever the value depends on, the edition of the tables among it; so nothing has to be told that it is old.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Up to `most` values. They are shared between callers and must not be changed."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def many(self, keys: Collection[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of `keys`; `read` is called once with those not known, and gives a value for each."""
        found: dict[K, V] = {}
        with self._lock:
            for key in keys:
                if key in self._values:
                    self._values.move_to_end(key)
                    found[key] = self._values[key]
        unknown = [key for key in dict.fromkeys(keys) if key not in found]
        if not unknown:
            return found
        fresh = read(unknown)
        with self._lock:
            self._values.update(fresh)
            while len(self._values) > self.most:
                self._values.popitem(last=False)
        return found | dict(fresh)

    def one(self, key: K, read: Callable[[], V]) -> V:
        """The value of `key`, read if it is not known."""
        return self.many([key], lambda _keys: {key: read()})[key]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
