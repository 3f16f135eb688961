"""Shares with their interval and sample size."""
