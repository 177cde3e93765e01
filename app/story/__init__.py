"""The public story of a project: its history, its permanent address, and how anyone follows it without an account."""
