"""Reference tables in the admin. Code lists are edited and imported here; published law is only read here."""

from tariffs.admin import code_lists, exchange_rates, law, travel

__all__ = ["code_lists", "exchange_rates", "law", "travel"]
