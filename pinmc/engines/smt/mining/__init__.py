"""Lemmas guessed from the explored states of small instances: cheap to find, true wherever one
looked, and proved or dropped by the solver afterwards.

``candidates`` is the way in; ``reachable`` gives it the states.
"""
