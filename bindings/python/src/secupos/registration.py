"""Registering a till as a device of the service."""

from __future__ import annotations

from ctypes import byref, c_int32
from datetime import datetime
from typing import Any, Optional

from . import _values
from ._abi import library
from ._handle import Native
from .enums import RegistrationState
from .errors import call
from .waiting import wait


class Registration(Native):
    """A registration; from `Till.register`. May be used from any thread. To close it stops nothing, but to close the
    till does."""

    _noun = "registration"

    @property
    def user_code(self) -> Optional[str]:
        """What the person enters who confirms the till; ``None`` until the service has said it, a moment later."""
        with self._handle as registration:
            code: Optional[str] = library.secupos_registration_user_code(registration)
            return code

    @property
    def verification_url(self) -> Optional[str]:
        """Where that is entered; ``None`` until the service has said it."""
        with self._handle as registration:
            url: Optional[str] = library.secupos_registration_verification_url(registration)
            return url

    @property
    def expires_at(self) -> Optional[datetime]:
        """Until when, in UTC by this machine's clock; ``None`` until the service has said it."""
        with self._handle as registration:
            return _values.utc(library.secupos_registration_expires_at(registration))

    def wait(self, timeout: Optional[float] = None) -> RegistrationState:
        """Waits until it is confirmed, refused or too late, at most ``timeout`` seconds (0 only looks, ``None`` waits
        for ever); `RegistrationState.PENDING` if the time is over. Leaving the wait stops nothing.

        Raises what keeps the service from registering it at all: `LoginError` (``INVALID_CREDENTIALS``: the vendor's
        client is not known), `ServerError`, `NetworkError`.
        """
        # Held for all of it: a `close` from another thread does not end the wait.
        with self._handle as registration:
            return wait(lambda ms: _state_within(registration, ms), RegistrationState.PENDING, timeout)

    def __repr__(self) -> str:
        return "<secupos.Registration, closed>" if self._handle.is_closed else "<secupos.Registration>"


def _state_within(registration: Any, ms: int) -> RegistrationState:
    state = c_int32()
    call(library.secupos_registration_wait, registration, ms, byref(state))
    return RegistrationState(state.value)
