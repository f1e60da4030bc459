"""Engines that prove: what holds for every bias and any number of steps."""
