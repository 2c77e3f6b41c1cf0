"""Embedded IMAP and SMTP servers and the tour."""
