"""Reads of change sets and of lists of exchange rates."""
