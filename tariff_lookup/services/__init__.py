"""The index of the search, and the everyday words in it."""
