"""Python's values on their way to C. ctypes would cut a text at a NUL, and wrap an integer that is too large. Here both
are refused, and the error names the argument."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

from ._declarations import LANGUAGE_ENGLISH, LANGUAGE_GERMAN
from .errors import invalid_argument, known_language

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def text(argument: str, value: str) -> bytes:
    """A text as C takes it: UTF-8 without a NUL."""
    if not isinstance(value, str):
        raise TypeError(f"{argument} must be a str, not {type(value).__name__}")
    if "\0" in value:
        raise invalid_argument(f"{argument} contains a NUL character")
    return utf8(argument, value)


def utf8(argument: str, value: str) -> bytes:
    """A text as UTF-8."""
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError as fault:
        place = f"a lone surrogate at index {fault.start}"
        # Without the cause: that would quote the text, which may be a secret.
        raise invalid_argument(f"{argument} has {place} and cannot be written as UTF-8") from None


def optional_text(argument: str, value: str | None) -> bytes | None:
    """A text that may be missing."""
    return None if value is None else text(argument, value)


def int32(argument: str, value: int) -> int:
    """An integer that fits in 32 bits."""
    return _integer(argument, value, 32)


def int64(argument: str, value: int) -> int:
    """An integer that fits in 64 bits."""
    return _integer(argument, value, 64)


def minor_units(argument: str, value: int) -> int:
    """An amount of money: an integer in minor units."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{argument} must be an int in minor units (cents), not {type(value).__name__}")
    return int64(argument, value)


def optional_int32(argument: str, value: int | None) -> int:
    """A number from 1 on that fits in 32 bits and may be missing, which C writes as 0."""
    return int32(argument, optional_number(argument, value))


def optional_number(argument: str, value: int | None) -> int:
    """A number from 1 on that may be missing, which C writes as 0."""
    if value is None:
        return 0
    if int64(argument, value) < 1:
        raise invalid_argument(f"{argument} is {value}; it must be positive")
    return value


def language(value: str) -> int:
    """A language of the texts for the cashier, as C takes it."""
    return {"de": LANGUAGE_GERMAN, "en": LANGUAGE_ENGLISH}[known_language(value)]


def unix_ms(argument: str, value: datetime) -> int:
    """A point in time as C takes it: the first whole millisecond that is not earlier."""
    if not isinstance(value, datetime):
        raise TypeError(f"{argument} must be a datetime, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise invalid_argument(f"{argument} has no time zone")
    return -((_EPOCH - value) // timedelta(milliseconds=1))


def utc(ms: int) -> datetime | None:
    """A point in time as C tells it. 0 is `None`."""
    return _EPOCH + timedelta(milliseconds=ms) if ms else None


def seconds(argument: str, value: float) -> float:
    """A length of time in seconds: an int or float, not negative."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{argument} must be a number of seconds, not {type(value).__name__}")
    if math.isnan(value) or value < 0:
        raise invalid_argument(f"{argument} is {value}; it must be a number of seconds, not negative")
    return value


def milliseconds(argument: str, value: float) -> int:
    """A length of time in seconds, as whole milliseconds."""
    if math.isinf(seconds(argument, value)):
        raise invalid_argument(f"{argument} is {value}; it must be finite")
    return int64(argument, round(value * 1000))


def _integer(argument: str, value: int, bits: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{argument} must be an int, not {type(value).__name__}")
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise invalid_argument(f"{argument} does not fit in {bits} bits")
    return value
