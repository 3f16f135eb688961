"""Ripeline qualifies leads: one signed definition, and everything that follows from it."""
