"""Reftel: diplomatic cables in, typed and fully accounted-for records out."""
