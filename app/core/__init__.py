"""The pure core: no input or output, no clock, no dice. Everything here can be run and checked by anyone."""
