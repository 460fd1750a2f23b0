"""What the package's enums have in common: their members are numbers of the C ABI and words of JSON."""

from __future__ import annotations

from enum import IntEnum
from typing import TypeVar

_Numbered = TypeVar("_Numbered", bound="NumberedWord")


class Word(IntEnum):
    """A number of the C ABI with its name. As a text it is the name in JSON."""

    def __str__(self) -> str:
        return self.name.lower()

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class NumberedWord(Word):
    """An enum that a newer library may have extended: it keeps an unknown number."""

    @classmethod
    def _missing_(cls: type[_Numbered], value: object) -> _Numbered | None:
        if not isinstance(value, int):
            return None
        unnamed = int.__new__(cls, value)
        unnamed._name_ = f"{cls.__name__.upper()}_{value}"
        unnamed._value_ = value
        return unnamed
