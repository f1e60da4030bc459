"""Proofs for every number of members of a scalarset: quantifiers over uninterpreted sorts."""
