"""The journey of a mail: one stage a module, decisions pure, the shell thin."""
