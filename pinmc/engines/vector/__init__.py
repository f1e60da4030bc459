"""The explicit-state engine that explores whole levels of packed states with NumPy."""
