"""The agreed text: parsed, checked, worded, fingerprinted."""
