"""Bounds of expressions and intervals of constants, for people and for programs."""
