"""How `queries` are answered, by what they are about."""
