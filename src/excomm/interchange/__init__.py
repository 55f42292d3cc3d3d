"""Interchange: what other programs read and write."""
