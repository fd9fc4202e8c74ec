#!/usr/bin/env python3
"""Django's command line for the portal; `./portal manage` calls it with the servers running."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "customs_portal.settings")
    execute_from_command_line(sys.argv)
