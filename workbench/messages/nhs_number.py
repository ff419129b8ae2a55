"""NHS numbers: ten digits, the last one a check digit modulo 11 (NHS Data Dictionary, NHS NUMBER).

Knows the arithmetic only; must not know patients.
"""

from __future__ import annotations


def check_digit(nine: str) -> int | None:
    """The check digit of nine digits, or None when no number can begin so (or it is not nine digits)."""
    if len(nine) != 9 or not (nine.isascii() and nine.isdigit()):
        return None
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if rest == 10 else rest % 11


def is_valid(number: str) -> bool:
    """Whether this is ten digits (no blanks) whose check digit is right."""
    return len(number) == 10 and check_digit(number[:9]) is not None and number[9:] == str(check_digit(number[:9]))


def grouped(number: str) -> str:
    """`999 000 0018` for reading; anything but ten digits is given back as it is."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 and number.isdigit() else number
