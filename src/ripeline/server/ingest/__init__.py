"""The door: raw ASGI, no Django in its path."""
