"""Damaged and made-up input for everything that reads what strangers and clerks write."""
