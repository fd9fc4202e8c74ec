"""Keys of a test lie in a folder of its own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def keys_folder(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "travel-keys"
    settings.TRAVEL_KEYS_DIR = folder
    return folder
