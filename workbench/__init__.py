"""BaRS Workbench: a test and support tool for the Booking and Referral Standard."""

__version__ = "0.1.0"
