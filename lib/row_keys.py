"""The key of a row: its own name from its first day on, wherever other rows come and go around it.

A browser may make one for a row that it adds, so that it can name the row before the server has heard of it.
"""

import re
import secrets

KEY = re.compile(r"r[0-9a-f]{12}", re.ASCII)


def new_key() -> str:
    """A key that no other row of the declaration has."""
    return f"r{secrets.token_hex(6)}"
