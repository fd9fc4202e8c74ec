"""Figures on the whole work of customs: how long release takes, how much there was, what was found and collected."""
