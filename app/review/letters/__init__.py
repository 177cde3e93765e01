"""Reasoned decision letters: written with the decision, frozen, and handed to the carrier and the city alone."""
