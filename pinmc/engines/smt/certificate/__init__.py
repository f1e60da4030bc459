"""Proofs that others can check: an inductive invariant as three SMT-LIB2 scripts and a manifest."""
