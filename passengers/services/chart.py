"""The chart of travellers' figures as SVG: drawn by the worker from lines that are fit to be published.

Colours keep 3:1 against light and dark paper; texts take the colour of the page.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import altair
import vl_convert
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from passengers.models import TravelChart
from passengers.selectors.figures import PERIODS, post_names, published

BLUE, INK = "#2f7ed8", "#010203"
_STYLE = re.compile(r' style="[^"]*"')


def bars(rows: Sequence[tuple[str, int]], *, title: str, of: str) -> str:
    """One bar for each name, with its figure; an SVG to be put into a page."""
    values: list[dict[str, Any]] = [{"name": name, "count": count} for name, count in rows]
    # Lines come in the order of the table; the longest name decides how much room there is.
    axis = altair.Axis(title=None, labelLimit=260, labelFontSize=13, ticks=False, domain=False)
    base = altair.Chart(altair.InlineData(values=values)).encode(
        y=altair.Y("name:N", sort=None, axis=axis),
        x=altair.X("count:Q", axis=altair.Axis(title=of, grid=False, tickMinStep=1, labelFontSize=12)),
    )
    labels = base.mark_text(align="left", dx=4, fontSize=13).encode(text="count:Q")
    chart = (base.mark_bar(color=BLUE) + labels).properties(
        width=420, height=altair.Step(26), title=title, padding={"left": 24, "right": 24}
    )
    spec = chart.configure(background="transparent").configure_view(strokeWidth=0)
    spec = spec.configure_axis(labelColor=INK, titleColor=INK, domainColor=INK, tickColor=INK)
    spec = spec.configure_text(color=INK).configure_title(color=INK, fontSize=14, anchor="start")
    drawn = vl_convert.vegalite_to_svg(spec.to_dict())
    return _STYLE.sub("", drawn).replace(f'"{INK}"', '"currentColor"')


def draw_charts(*, on: date, at: datetime) -> int:
    """Draw anew what has changed, for each period and language; how many. Safe to repeat."""
    drawn = 0
    for days in PERIODS:
        lines = published(by="post", days=days, on=on)
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                names = post_names(on=on)
                rows = [(names.get(line.name, line.name) or _("other posts"), line.declared) for line in lines]
                drawn += _draw(rows, days=days, language=language, at=at)
    return drawn


def _draw(rows: list[tuple[str, int]], *, days: int, language: str, at: datetime) -> bool:
    known = hashlib.sha256(repr(rows).encode()).hexdigest()
    if TravelChart.objects.filter(days=days, language=language, sha256=known).exists():
        return False
    svg = bars(rows, title=_("Declarations by post"), of=_("declarations")) if rows else ""
    filling = {"svg": svg, "sha256": known, "drawn_at": at}
    TravelChart.objects.update_or_create(days=days, language=language, defaults=filling)
    return True
