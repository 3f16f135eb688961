"""The demo company: its history, its shop, its live visitors."""
