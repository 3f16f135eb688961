"""The fold: what a history is worth under a definition, and why."""
