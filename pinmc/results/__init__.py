"""The other half of the waist: what was found."""
