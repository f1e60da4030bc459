"""Lemmas guessed from the explored states of small instances: cheap to find, true wherever one
looked, and proved or dropped by the solver afterwards.

``candidates`` is the way in; ``reachable`` gives it the states. When a proof fails in a state that
was not reached, an ``Excluder`` makes lemmas against that state, and a ``Corner`` where it cannot.
"""

from pinmc.engines.smt.mining.candidates import candidates
from pinmc.engines.smt.mining.cornering import Corner
from pinmc.engines.smt.mining.excluding import Excluder
from pinmc.engines.smt.mining.lemma import Lemma, Origin
from pinmc.engines.smt.mining.states import Instance, States, reachable

__all__ = ["Corner", "Excluder", "Instance", "Lemma", "Origin", "States", "candidates", "reachable"]
