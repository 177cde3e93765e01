"""Quotepart: participatory budgets for cities, from the call for projects to the final report."""
