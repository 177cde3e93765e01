"""The acts that touch both sides of the wall, and see no choice."""
