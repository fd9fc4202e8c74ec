"""Names kept in three languages: `name`, `name_ru`, `name_tg`; an empty one falls back to English, then to any."""

from typing import Any

from django.utils.translation import get_language


def in_language(row: Any, field: str = "name") -> str:
    """The text of `field` in the reader's language, else in English, else in whichever language has one."""
    language = (get_language() or "en")[:2]
    translated = getattr(row, f"{field}_{language}", "") if language != "en" else ""
    if text := translated or getattr(row, field):
        return str(text)
    return str(getattr(row, f"{field}_ru", "") or getattr(row, f"{field}_tg", ""))
