"""What each order of a manager's reply does: one small module a verb, or a family of verbs; the table is `table.py`."""
