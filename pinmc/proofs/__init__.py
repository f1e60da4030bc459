"""Proofs of many designs at once, each in a process of its own."""
