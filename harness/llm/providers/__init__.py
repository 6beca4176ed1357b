"""Adapters to model providers, one file each, and the retry rules they share."""
