"""Admissibility: rules answered, decisions with public reasons."""
