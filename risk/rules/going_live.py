"""What the replay of a version says against its going live: it hit nothing, or too much."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lib.violations import Violation
from risk.models import Criterion, Lane, Replay

SENSIBLE_PERCENT = 30
FEW = 20  # of so few even all may be met by chance


def doubt(criterion: Criterion, replay: Replay, *, is_explained: bool) -> Violation | None:
    """What has to be answered before the version is proposed; with a reason (`is_explained`) all but "everything"."""
    found, stops = replay.data, criterion.lane in (Lane.YELLOW, Lane.RED)
    if stops and is_everything(found):
        sentence = _("It would send all %(total)s to an officer. Narrow its conditions or lower its share.")
        return Violation("K053", "", sentence % {"total": found["total"]})
    if is_explained:
        return None
    if not found["hits"]:
        sentence = _("It hit nothing in the replay. Look at its conditions; if it is meant so, say why.")
        return Violation("K051", "reason", sentence)
    if stops and is_large(found):
        sentence = _(
            "It would send %(share)s %% to an officer (%(selected)s of %(total)s). If it is meant so, say why."
        )
        about = {"share": share_of(found), "selected": found["selected"], "total": found["total"]}
        return Violation("K052", "reason", sentence % about)
    return None


def is_everything(found: Mapping[str, Any]) -> bool:
    """Whether the result of a replay selects all there was, and that was not a few."""
    return bool(found["total"] >= FEW and found["selected"] == found["total"])


def is_large(found: Mapping[str, Any]) -> bool:
    """Whether it selects more than an office can look at."""
    return bool(found["selected"] * 100 > found["total"] * SENSIBLE_PERCENT)


def share_of(found: Mapping[str, Any]) -> Decimal:
    """Percentage of what was replayed that is selected."""
    return round(Decimal(100 * found["selected"]) / found["total"], 1) if found["total"] else Decimal(0)
