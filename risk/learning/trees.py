"""The trees: LightGBM, loaded when it is needed and not before. Where it is missing, `Unavailable` says so."""

import importlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

TREES = 120
_SIZES = "tree_sizes="
_SETTINGS: dict[str, Any] = {
    "objective": "binary", "learning_rate": 0.07, "num_leaves": 15, "max_bin": 63, "lambda_l2": 5.0,
    "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1, "seed": 1, "deterministic": True,
    "force_row_wise": True, "verbose": -1,
}  # fmt: skip


class Unavailable(Exception):
    """The library is not here, or it cannot read the model: why, in its words."""


@cache
def _libraries() -> tuple[Any, Any]:
    try:
        return importlib.import_module("lightgbm"), importlib.import_module("numpy")
    except (ImportError, OSError) as missing:
        raise Unavailable(str(missing)) from missing


def version() -> str:
    """The version of the library. Raises Unavailable."""
    return str(_libraries()[0].__version__)


def grow(
    rows: Sequence[Sequence[float]], wrong: Sequence[bool], weights: Sequence[float], *,
    go_on: Callable[[int], bool], threads: int, trees: int = TREES,
) -> str:  # fmt: skip
    """The text of a model learnt from the rows. `go_on` hears of each tree and may end the growth.

    Few lines get smaller leaves: a leaf holds a hundredth of them at least. Raises Unavailable.
    """
    library, numbers = _libraries()

    def heard(event: Any) -> None:
        if not go_on(event.iteration + 1):
            raise library.callback.EarlyStopException(event.iteration, [])

    settings = _SETTINGS | {"num_threads": threads, "min_data_in_leaf": min(20, max(2, len(rows) // 100))}
    data = library.Dataset(
        numbers.asarray(rows, dtype=numbers.float32), numbers.asarray(wrong, dtype=numbers.int8),
        weight=numbers.asarray(weights, dtype=numbers.float32), params=settings,
    )  # fmt: skip
    grown = library.train(settings, data, trees, callbacks=[heard])
    return str(grown.model_to_string())


def is_whole(text: str) -> bool:
    """Whether each tree that the head of the text announces stands in it, as long as it says.

    The library trusts the head: where a tree is missing it reads on behind the text and ends the whole process.
    """
    head = text[: text.find("\n\n")]
    sizes = next((line[len(_SIZES) :].split() for line in head.splitlines() if line.startswith(_SIZES)), None)
    if sizes is None or not head.startswith("tree\nversion=") or not all(map(str.isdecimal, sizes)):
        return False
    place = len(head) + 2
    for number, size in enumerate(map(int, sizes)):
        if not text.startswith(f"Tree={number}\n", place):
            return False
        place += size
    return text.startswith("end of trees", place)


class Trees:
    """A model that was read from its text. One thread: a worker scores one declaration at a time."""

    def __init__(self, text: str, *, features: int) -> None:
        library, self._numbers = _libraries()
        self._fault = library.basic.LightGBMError
        if not is_whole(text):
            raise Unavailable("the text is cut off or is no model")
        try:
            self._booster = library.Booster(model_str=text)
        except self._fault as fault:
            raise Unavailable(str(fault)) from fault
        if self._booster.num_feature() != features:
            raise Unavailable(f"{self._booster.num_feature()} != {features}")

    def chances(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """The chance of a finding for each row, 0 to 1."""
        return [float(chance) for chance in self._predicted(rows)]

    def contributions(self, row: Sequence[float]) -> list[float]:
        """What each feature adds to the logarithm of the odds of one row, without the part that all rows share."""
        return [float(part) for part in self._predicted([row], pred_contrib=True)[0][:-1]]

    def _predicted(self, rows: Sequence[Sequence[float]], **how: bool) -> Any:
        given = self._numbers.asarray(rows, dtype=self._numbers.float32)
        try:
            return self._booster.predict(given, num_threads=1, **how)
        except self._fault as fault:
            raise Unavailable(str(fault)) from fault
