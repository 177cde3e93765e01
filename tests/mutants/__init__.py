"""Mutation testing of the counting rules: one small change at a time, and a unit test must notice it. `make mutants` runs it."""
