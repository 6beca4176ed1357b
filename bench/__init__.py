"""Measurements of speed: `make bench` runs them all and prints a table. They assert nothing."""
