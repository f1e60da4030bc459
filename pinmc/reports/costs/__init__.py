"""What designs cost, for people and for programs."""
