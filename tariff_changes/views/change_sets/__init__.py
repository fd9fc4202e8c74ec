"""Officers' pages of change sets: lists, one set, its rows, files for it, and its journey into law."""
