"""What runs cost: least and greatest on the way to a goal, and per round of a loop."""
