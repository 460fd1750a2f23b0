"""Registering a till as a device of the service."""

from __future__ import annotations

from ctypes import byref, c_int32
from datetime import datetime
from typing import Any

from . import _values, waiting
from ._abi import library
from ._calls import call
from ._handle import Handle, Native
from ._notice import Notice
from .enums import RegistrationState


class Registration(Native):
    """A registration, from `Till.register`. It may be used from any thread.

    To close it stops nothing. To close the till ends the registration.
    """

    _noun = "registration"
    _instead_of_pickling = "Pass on its user_code and verification_url."

    def __init__(self, handle: Handle | None = None) -> None:
        super().__init__(handle)
        self._notice = Notice(self._noun)

    @property
    def user_code(self) -> str | None:
        """The code that the confirming person enters. The service says it a moment later: until then it is `None`."""
        with self._handle as registration:
            code: str | None = library.secupos_registration_user_code(registration)
            return code

    @property
    def verification_url(self) -> str | None:
        """The address where the person enters the code. Until the service has said it, it is `None`."""
        with self._handle as registration:
            url: str | None = library.secupos_registration_verification_url(registration)
            return url

    @property
    def expires_at(self) -> datetime | None:
        """When the code expires, in UTC by this machine's clock. Until the service has said it, it is `None`."""
        with self._handle as registration:
            return _values.utc(library.secupos_registration_expires_at(registration))

    def wait(self, timeout: float | None = None) -> RegistrationState:
        """Waits until the registration is confirmed, refused or too late, for at most `timeout` seconds. 0 only looks,
        and `None` waits for ever.

        Returns the state, or `RegistrationState.PENDING` if the time is over. Leaving the wait stops nothing.

        Raises the error that keeps the service from registering the till at all: `LoginError` if it does not know the
        vendor's client, `ServerError`, `NetworkError`.
        """
        # Held for all of it: a `close` from another thread does not end the wait.
        with self._handle as registration:
            return waiting.wait(lambda ms: _state_within(registration, ms), RegistrationState.PENDING, timeout)

    async def wait_async(self, timeout: float | None = None) -> RegistrationState:
        """`wait` for asyncio. Other tasks run meanwhile, and no thread waits. To cancel the task stops only the
        wait."""
        with self._handle as registration:
            return await waiting.wait_async(
                lambda ms: _state_within(registration, ms),
                RegistrationState.PENDING,
                timeout,
                lambda left: self._notice.wait(registration, left),
            )

    def _summary(self) -> str:
        with self._handle:
            return ""


def _state_within(registration: Any, ms: int) -> RegistrationState:
    state = c_int32()
    call(library.secupos_registration_wait, registration, ms, byref(state))
    return RegistrationState(state.value)
