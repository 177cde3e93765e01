"""Plumbing that both doors share."""
