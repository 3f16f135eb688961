"""The running product: ingest, log, console and API."""
