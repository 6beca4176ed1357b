"""Experiments: their configuration, and a run from start to summary."""
