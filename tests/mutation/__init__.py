"""Mutation testing: small faults are put into a module, one at a time, and its tests must notice each."""
