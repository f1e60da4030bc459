"""A System and its claims as SMT-LIB2 text that any solver reads.

Written apart from the encoder that proofs are found with: what is wrong in one is not wrong in
the other, so that checking a certificate checks the encoder too.
"""
