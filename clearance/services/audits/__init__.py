"""Verbs of audits after release: of a file (`opening`, `work`) and of a company over a period (`company`)."""
