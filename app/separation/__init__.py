"""Insider separation in the database: which role may touch which table, how the roles are made, and what is claimed of them."""
