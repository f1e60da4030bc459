"""Lowering: the typed tree of one design becomes a System of guarded atomic commands."""
