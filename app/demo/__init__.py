"""The demonstration edition and its loader."""
