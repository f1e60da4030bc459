"""Bounded model checking: shortest counterexamples found by a solver, depth by depth."""
