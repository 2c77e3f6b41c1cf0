"""What the office knows: pure values and decisions, no I/O and no clock of its own."""
