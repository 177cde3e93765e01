"""The carrier's file, from draft to submission."""
