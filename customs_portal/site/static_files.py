"""Static files under names with a hash, compressed once when they are collected.

The demonstration leaves out Brotli: at its best quality it takes longer than all other work of a first start.
"""

from typing import Any

from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(**options, use_brotli=not settings.DEMO)
