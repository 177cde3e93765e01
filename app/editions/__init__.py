"""Programmes, editions, calendar, envelope and rulebook."""
