"""The demo company Kestrel: six seeded months of visitors, leads, decisions and deals."""
