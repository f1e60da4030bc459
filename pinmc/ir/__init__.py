"""The waist of the house: what is to be checked, and what it means."""
