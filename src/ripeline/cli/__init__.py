"""The `ripeline` command: one file a command."""
