from tests.cast import browser, migrated, workspace
from tests.served import served

__all__ = ["browser", "migrated", "served", "workspace"]
