from tests.log.conftest import clock, desk, folder, migrated, reopened

__all__ = ["clock", "desk", "folder", "migrated", "reopened"]
