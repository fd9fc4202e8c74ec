"""A country's folder on its way into the tables: its files, the nomenclature, code lists, and what the law changes."""
