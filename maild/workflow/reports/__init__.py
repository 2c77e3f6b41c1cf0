"""Reports: from what is recorded to tables, letters and what a figure opens to."""
