"""Measurements of speed: `./portal bench [PART…]` prints a table for each part, with ratios."""
