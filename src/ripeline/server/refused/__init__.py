"""What the door refused: looked at, mended and replayed."""
