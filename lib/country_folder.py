"""A country as a folder of files: its settings in country.toml, and where a table of it lies. docs/country.md."""

import tomllib
from pathlib import Path
from typing import Any

SETTINGS = "country.toml"


def settings_of(folder: Path) -> dict[str, Any]:
    """What country.toml says. Raises OSError, UnicodeDecodeError or tomllib.TOMLDecodeError."""
    return tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8-sig"))


def international_of(folder: Path) -> Path | None:
    """The folder of tables that the country shares with others, if it names one."""
    named = settings_of(folder).get("international")
    return (folder / named).resolve() if isinstance(named, str) else None


def tables_named(folder: Path, file: str) -> list[Path]:
    """Where the table lies, the international one first: national rows stand after it and replace its own."""
    places = [place / file for place in (international_of(folder), folder) if place is not None]
    return [place for place in places if place.is_file()]
