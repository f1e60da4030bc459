"""Extreme values of expressions over reachable states: bounds proved by Z3, attained by a run.

An inductive invariant contains every reachable state, so the optimum over it bounds them all. A run
that gets there shows that the bound is no weaker than it must be.
"""
