"""BaRS Workbench: a test and support tool for the Booking and Referral Standard."""

__version__ = "0.1.0"

APP = "bars-workbench"
"""Name of the program in folders, commands and keyrings."""
