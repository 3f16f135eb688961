"""The agreement, read back in sentences."""
