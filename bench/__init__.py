"""Measurements of speed: `./portal bench [PART…]` prints a table for each part, with ratios."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "customs_portal.settings")
django.setup()
