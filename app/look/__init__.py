"""The city's own look: its name, its sign and its colour, over the look of the house."""
