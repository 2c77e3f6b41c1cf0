"""Tests of the embedded servers and the tour."""
