"""maild turns a shared mailbox into casework.

The journey of a mail: receive (fetch, archive, journal) → recognise (whose case, whose word) → classify (what kind,
why) → assign (who must answer, by when) or command (what a reply orders) → acknowledge → commit, all of it at once →
deliver → file on the server. Time takes the same road: a due clock is decided upon and committed like a mail.
"""

__version__ = "0.1.0"
