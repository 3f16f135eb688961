"""The sources of events: what comes from each, what it demands, and the lines that connect it."""
