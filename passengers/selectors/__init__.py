"""Reads about travellers' declarations: by code, what stands, what is counted; the law lies in `law`."""

from passengers.selectors.answers import charges_of, findings_of
from passengers.selectors.declarations import (
    by_code,
    by_hex,
    by_key,
    declared_on_entry,
    events_of,
    history_of_document,
    newest_version,
    overdue_vehicles,
    photo_of,
    photos_of,
    queue,
    used_before,
    versions_of,
)

__all__ = [
    "by_code",
    "by_hex",
    "by_key",
    "charges_of",
    "declared_on_entry",
    "events_of",
    "findings_of",
    "history_of_document",
    "newest_version",
    "overdue_vehicles",
    "photo_of",
    "photos_of",
    "queue",
    "used_before",
    "versions_of",
]
