"""Imports: rosters of organisations, read in the background row by row; each bad cell is told.

The good rows go in (or none, or nothing in a dry run). Killed and run again, an import makes nobody twice.
"""
