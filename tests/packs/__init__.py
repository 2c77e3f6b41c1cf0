"""Each entry of a shipped pack, proven one by one."""
