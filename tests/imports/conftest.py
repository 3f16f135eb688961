from tests.cast import browser, migrated, workspace

__all__ = ["browser", "migrated", "workspace"]
