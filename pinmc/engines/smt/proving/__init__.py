"""Inductive proofs of one property at a time, by Z3, of the obligations that certificates hold."""
