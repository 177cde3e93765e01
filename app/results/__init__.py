"""Counts, publication, council decision, explanations."""
