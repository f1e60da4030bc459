"""The stable diagnostic codes, one module a family; ``EXPLANATIONS`` joins them.

PIN0xx syntax, PIN1xx names and modules, PIN2xx types, PIN3xx steps and meaning,
PIN4xx usage (command line, options, files), PIN5xx warnings.
"""

from __future__ import annotations

from pinmc.base.codes.flow import FLOW
from pinmc.base.codes.model import Explanation
from pinmc.base.codes.names import NAMES
from pinmc.base.codes.steps import STEPS
from pinmc.base.codes.syntax import SYNTAX
from pinmc.base.codes.types import TYPES
from pinmc.base.codes.usage import USAGE
from pinmc.base.codes.warnings import WARNINGS

EXPLANATIONS: dict[str, Explanation] = {
    e.code: e for family in (SYNTAX, NAMES, TYPES, STEPS, FLOW, USAGE, WARNINGS) for e in family
}

__all__ = ["EXPLANATIONS", "Explanation"]
