"""Why a hit gave way, in words: the last sentence among the reasons of a score."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_FULL: dict[str, str | Promise] = {
    "hour": gettext_lazy("Selected for %(lane)s, but the office had taken its %(most)s of the hour (%(took)s): blue."),
    "day": gettext_lazy("Selected for %(lane)s, but the office had taken its %(most)s of the day (%(took)s): blue."),
}


def yielded_in_words(hit: Mapping[str, Any], lanes: Mapping[str, str | Promise]) -> list[str]:
    """One sentence where the hit gave way, none where it did not; `lanes` are their names."""
    yielded = hit.get("yielded")
    if not yielded:
        return []
    lane = lanes[yielded["lane"]]
    if yielded.get("profile"):
        return [_("%(lane)s by a general criterion, but the company is an authorised operator: blue.") % {"lane": lane}]
    if yielded.get("before"):
        return [_("Selected for %(lane)s; the version before had given way to a full office: blue.") % {"lane": lane}]
    told = {"lane": lane, "most": yielded["most"], "took": yielded["took"]}
    return [str(_FULL[yielded["per"]]) % told]
