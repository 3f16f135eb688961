"""The cast of people, for streams that only they may open."""

from tests.cast import browser, migrated, workspace

__all__ = ["browser", "migrated", "workspace"]
