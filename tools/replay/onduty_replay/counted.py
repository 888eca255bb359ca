"""Writes a number with what it counts, as in 1 row and 2,000 rows; it knows regular plurals, and those it is given."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Returns the number, its thousands set apart, and the noun in its form for it.

    Args:
        number: How many.
        noun: The form for one.
        plural: The form for any other number. Left out: the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
