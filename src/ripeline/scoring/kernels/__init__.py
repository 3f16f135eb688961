"""The fold itself: small functions over numbers and arrays, which `jit` turns into machine code."""

from ripeline.scoring.kernels import deciding, facts, folding, keeping, points, reading, truths

__all__ = ["deciding", "facts", "folding", "keeping", "points", "reading", "truths"]
