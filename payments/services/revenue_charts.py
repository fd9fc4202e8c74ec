"""Charts of revenue as drawings (SVG), drawn by the worker from counted rows, in each language; pages only show them.

Colours are tokens of the stylesheet, so that one drawing fits the light and the dark page. The library that draws is
large: nothing that answers a page imports this module.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import altair
import vl_convert
from django.conf import settings
from django.utils.translation import override

from lib.money import Currency
from payments.models import RevenueChart
from payments.selectors import revenue as reads
from tariffs.selectors import national_currency

_WIDTH, _HEIGHT, _BAR = 880, 280, 26
_ROOM = 40  # the reader's letters may be wider than those with which the drawing was measured
_MOST_BARS, _LONGEST = 20, 46
_TEXT = "var(--ink)"
_ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-[a-z]+="[^"]*")')
_LOOK: dict[str, Any] = {
    "background": "transparent",
    "aria": False,
    "font": "system-ui, sans-serif",
    "bar": {"fill": "var(--accent)"},
    "view": {"stroke": None},
    "axis": {
        "labelColor": _TEXT, "titleColor": _TEXT, "gridColor": "var(--line)", "domainColor": "var(--line-strong)",
        "tickColor": "var(--line-strong)", "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 320,
    },
}  # fmt: skip


def draw_charts(*, on: date, at: datetime) -> list[str]:
    """Draw every chart whose rows are others than it was drawn from; their names."""
    drawn = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            for by in reads.BY:
                lines = reads.revenue_by(by, reads.default_filters(by, on=on))
                if _draw(by, code, lines, national_currency(), at=at):
                    drawn.append(f"{by}-{code}")
    return drawn


def _draw(by: str, language: str, lines: Sequence[reads.Line], currency: Currency, *, at: datetime) -> bool:
    told = json.dumps([(line.name, str(line.amount)) for line in lines] + [currency.code])
    digest = hashlib.sha256(told.encode()).hexdigest()
    known = reads.chart_of(by, language=language)
    if known is not None and known.drawn_from == digest:
        return False
    svg = drawing(by, lines, currency) if lines else ""
    RevenueChart.objects.update_or_create(
        name=by, language=language, defaults={"drawn_from": digest, "svg": svg, "at": at}
    )
    return True


def drawing(by: str, lines: Sequence[reads.Line], currency: Currency) -> str:
    """The drawing: columns through time, bars for everything else, the largest first and the rest in one."""
    scale, unit = _unit(lines)
    named = "key" if by in ("day", "month") else "name"
    shown = [(getattr(line, named)[:_LONGEST], line.amount) for line in lines]
    if by not in ("day", "month") and len(shown) > _MOST_BARS:
        rest = sum((amount for _name, amount in shown[_MOST_BARS:]), Decimal(0))
        shown = [*shown[:_MOST_BARS], ("…", rest)]
    rows = [{"name": name, "amount": str(amount / scale)} for name, amount in shown]
    title, axis = f"{unit}{currency.code}", altair.Axis(format=",~f", tickCount=6)
    bars = altair.Chart({"values": rows, "format": {"parse": {"amount": "number"}}}).mark_bar()
    if by in ("day", "month"):
        slanted = altair.Axis(labelAngle=-45)
        chart = bars.encode(
            x=altair.X("name:O", title=None, sort=None, axis=slanted), y=altair.Y("amount:Q", title=title, axis=axis)
        ).properties(width=_WIDTH, height=_HEIGHT)
    else:
        chart = bars.encode(
            y=altair.Y("name:N", title=None, sort=None), x=altair.X("amount:Q", title=title, axis=axis)
        ).properties(width=_WIDTH - 260, height=_BAR * len(rows))
    made = chart.to_dict()
    made |= {"config": _LOOK, "padding": {"left": _ROOM, "right": 5, "top": 5, "bottom": 5}}
    svg: str = vl_convert.vegalite_to_svg(made)
    return _ROLES.sub("", svg)  # The page says of the whole drawing what it shows.


def _unit(lines: Sequence[reads.Line]) -> tuple[Decimal, str]:
    """What amounts are divided by, and how the axis says it: thousands or millions as figures."""
    most = max((abs(line.amount) for line in lines), default=Decimal(0))
    if most >= 10_000_000:
        return Decimal(1_000_000), "10⁶ "
    return (Decimal(1000), "10³ ") if most >= 10_000 else (Decimal(1), "")
