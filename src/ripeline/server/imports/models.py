"""A file somebody uploaded, and what became of it."""

from django.db import models


class State(models.TextChoices):
    """How far an import is. `running` holds only while this process carries it out."""

    UPLOADED = "uploaded"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Upload(models.Model):
    """A file in `data/uploads/ID/`, kept until it was imported, and the counts of its import."""

    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    by = models.CharField(max_length=254)
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    mapping = models.TextField(blank=True)  # as YAML; empty for a file in our own words
    source = models.CharField(max_length=80, blank=True)
    rows = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    detail = models.TextField(blank=True)

    class Meta:
        db_table = "upload"
        ordering = ("-pk",)
