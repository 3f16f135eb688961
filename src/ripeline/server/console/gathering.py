"""The static files of this installation, collected, hashed and compressed once."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def gather() -> None:
    """Collect the static files, unless these very files were before.

    The manifest is written last: a gathering that was cut off is done again.
    """
    if not Path(settings.STATIC_ROOT, "staticfiles.json").is_file():
        call_command("collectstatic", interactive=False, verbosity=0)
