"""A simulated year of the office: its people, its mail, its calendar, and oracles that keep books of their own."""
