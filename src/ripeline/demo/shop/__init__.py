"""Kestrel's little web site: a few static pages on an origin of their own that post to Ripeline's door."""
