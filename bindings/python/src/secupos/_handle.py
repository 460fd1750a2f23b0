"""Native objects and their lives: who owns one, who is using it, and when it is freed."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, string_at
from threading import RLock
from types import TracebackType
from typing import Any, Callable, ClassVar, NoReturn, TypeVar

from . import _declarations
from ._abi import library
from ._calls import call
from .errors import InvalidStateError, SecuposError, closed


class Handle:
    """Owns a native object from the moment at which the library writes its pointer until `close`.

    The handle is there before the object is: a Ctrl-C right after the call that made the object cannot lose it. `with
    handle as pointer` lends the pointer for a call. A `close` from another thread waits for nobody: the last call
    frees.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._free = getattr(library, f"secupos_{noun}_free")
        self._pointer = POINTER(getattr(_declarations, f"secupos_{noun}"))()
        self._lock = RLock()
        self._calls = 0
        self._closed = False

    @property
    def out(self) -> Any:
        """Where the library writes the pointer."""
        return byref(self._pointer)

    @property
    def is_filled(self) -> bool:
        """Whether the library has written it."""
        return bool(self._pointer)

    @property
    def is_closed(self) -> bool:
        """Whether it has been closed."""
        return self._closed

    def __enter__(self) -> Any:
        with self._lock:
            self._calls += 1
        if self._closed:
            self._leave()
            raise closed(self._noun)
        return self._pointer

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        with self._lock:
            self._calls -= 1
            self._free_if_unused()

    def close(self) -> None:
        """Gives the object up. It may be closed more than once."""
        with self._lock:
            self._closed = True
            self._free_if_unused()

    def _free_if_unused(self) -> None:
        if self._closed and self._calls == 0 and self._pointer:
            pointer, self._pointer = self._pointer, type(self._pointer)()
            self._free(pointer)


class Lent(Handle):
    """A native object that belongs to another one. That one is kept until this one is closed."""

    def __init__(self, noun: str, owner: Handle, pointer: Any) -> None:
        super().__init__(noun)
        # Whoever uses the owner keeps it from being freed: from here on that is this object.
        owner.__enter__()
        self._owner = owner
        self._free = self._give_back
        self._pointer = pointer

    def _give_back(self, _: Any) -> None:
        self._owner._leave()


Self = TypeVar("Self", bound="Native")


class Native:
    """A native object. It ends by `close`, at the end of a `with` block, or when Python collects it."""

    _noun: ClassVar[str]
    _instead_of_pickling: ClassVar[str]

    def __init__(self, handle: Handle | None = None) -> None:
        self._handle = Handle(self._noun) if handle is None else handle
        self._finalizer = weakref.finalize(self, self._handle.close)

    def close(self) -> None:
        """Gives up the native object. This never waits and never stops a payment. Later calls raise
        `InvalidStateError`. It may be closed more than once."""
        self._finalizer()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        kind, instead = type(self).__name__, self._instead_of_pickling
        raise TypeError(f"a secupos.{kind} cannot be pickled or copied: it is an object in this process. {instead}")

    def __repr__(self) -> str:
        try:
            shown = self._summary()
        except InvalidStateError:
            shown = ", closed"
        except SecuposError as fault:
            shown = f", {fault.status}"
        return f"<secupos.{type(self).__name__}{shown}>"

    def _summary(self) -> str:
        """What `repr` shows beside the name of the type: never a secret, never a line of a receipt."""
        raise NotImplementedError


@contextmanager
def made(noun: str, function: Callable[..., int], *arguments: Any) -> Iterator[Any]:
    """A native object that lives as long as the `with` block; `function` makes it."""
    handle = Handle(noun)
    try:
        call(function, *arguments, handle.out)
        with handle as pointer:
            yield pointer
    finally:
        handle.close()


def read_bytes(function: Callable[..., int], *arguments: Any) -> bytes:
    """What a function gives as ``secupos_bytes``."""
    with made("bytes", function, *arguments) as blob:
        return string_at(library.secupos_bytes_data(blob), library.secupos_bytes_len(blob))
