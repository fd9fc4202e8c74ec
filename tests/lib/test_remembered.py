"""What a process remembers: read once, bounded, whole under threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from lib.remembered import Remembered

Read = Callable[[list[int]], dict[int, int]]


def squares(asked: list[list[int]]) -> tuple[Remembered[int, int], Read]:
    def read(keys: list[int]) -> dict[int, int]:
        asked.append(keys)
        return {key: key * key for key in keys}

    return Remembered(3), read


def test_only_what_is_not_known_is_read_and_each_key_once() -> None:
    asked: list[list[int]] = []
    remembered, read = squares(asked)
    assert remembered.many([1, 2, 1], read) == {1: 1, 2: 4}
    assert remembered.many([2, 3], read) == {2: 4, 3: 9}
    assert asked == [[1, 2], [3]]


def test_the_longest_unused_goes_first() -> None:
    asked: list[list[int]] = []
    remembered, read = squares(asked)
    for key in (1, 2, 3, 1, 4):
        remembered.many([key], read)
    remembered.many([1, 3, 4], read)
    remembered.many([2], read)
    assert asked == [[1], [2], [3], [4], [2]]


def test_more_keys_at_once_than_are_kept_are_all_answered() -> None:
    remembered, read = squares([])
    assert remembered.many(range(50), read) == {key: key * key for key in range(50)}


def test_none_is_remembered_too_and_everything_can_be_forgotten() -> None:
    calls: list[int] = []
    remembered: Remembered[str, None] = Remembered(2)
    for _ in range(2):
        assert remembered.one("nothing", lambda: calls.append(1)) is None
    assert len(calls) == 1
    remembered.clear()
    remembered.one("nothing", lambda: calls.append(1))
    assert len(calls) == 2


def test_threads_find_right_values() -> None:
    remembered, read = squares([])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: remembered.many([n % 7, n % 5], read), range(2000)))
    assert all(values == {n % 7: (n % 7) ** 2, n % 5: (n % 5) ** 2} for n, values in enumerate(found))
