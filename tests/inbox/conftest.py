from pathlib import Path

from ripeline.server.migrating import set_up_django
from tests.cast import browser, migrated, workspace

set_up_django(Path("nowhere"))  # so that pages can be imported; each workspace is set up for when it is opened

__all__ = ["browser", "migrated", "workspace"]
