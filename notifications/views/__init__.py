"""Pages of the inbox and of the ways in which a person is told."""
