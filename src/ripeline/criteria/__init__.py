"""Conditions, ages and limits: the closed list of what a definition can say about one event or fact."""
