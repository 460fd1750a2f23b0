"""The library's notice that something is done, for tasks of asyncio."""

from __future__ import annotations

import asyncio
import itertools
import math
from contextlib import suppress
from threading import RLock
from typing import Any, Callable

from ._abi import library
from ._calls import call
from ._declarations import DoneCallback, FreeCallback


class Notice:
    """One object's notice, shared by all tasks that wait for it. It does not keep the object."""

    def __init__(self, noun: str) -> None:
        self._ask: Callable[..., int] = getattr(library, f"secupos_{noun}_notify")
        # The library may free what it refuses before the call returns: on the thread that holds this.
        self._lock = RLock()
        self._is_asked_for = False
        self._told: list[asyncio.Future[None]] = []

    async def wait(self, pointer: Any, seconds: float) -> None:
        """Waits until the notice comes or is taken back, or until the time is over. The caller looks then."""
        told = asyncio.get_running_loop().create_future()
        with self._lock:
            self._told.append(told)
        try:
            self._ask_for(pointer)
            await asyncio.wait([told], timeout=None if math.isinf(seconds) else seconds)
        finally:
            with self._lock:
                self._told.remove(told)

    def _ask_for(self, pointer: Any) -> None:
        with self._lock:
            if self._is_asked_for:
                return
            self._is_asked_for = True
            number = next(_numbers)
            _waiting[number] = self
            call(self._ask, pointer, _done, number, _free)

    def tell(self) -> None:
        """Wakes all who wait."""
        with self._lock:
            for told in self._told:
                # A loop that has ended raises this, and nobody waits in it any more.
                with suppress(RuntimeError):
                    told.get_loop().call_soon_threadsafe(_come, told)

    def forget(self) -> None:
        """The library has let go of it. If that is not what was waited for, who wakes asks again."""
        with self._lock:
            self._is_asked_for = False
            self.tell()


#: What the library calls with a number is found here.
_waiting: dict[int, Notice] = {}
_numbers = itertools.count(1)


def _come(told: asyncio.Future[None]) -> None:
    if not told.done():
        told.set_result(None)


# These two run on a thread of the library's.
def _tell(number: int) -> None:
    _waiting[number].tell()


def _forget(number: int) -> None:
    _waiting.pop(number).forget()


# For ever: the library calls them.
_done = DoneCallback(_tell)
_free = FreeCallback(_forget)
