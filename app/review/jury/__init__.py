"""The jury of an edition: its panel, opinions that nobody sees before all are in, recusals, minutes."""
