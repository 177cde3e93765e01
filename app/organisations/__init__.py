"""Associations, collectives, their sponsors and members."""
