"""How a till is set up."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Iterator, Optional, Sequence, Tuple, Union

from . import log
from ._abi import library
from ._declarations import (
    STATE_CREATE,
    TIMEOUT_CONNECT,
    TIMEOUT_PAYMENT,
    TIMEOUT_REPORT,
    TIMEOUT_REQUEST,
    TIMEOUT_RESOLVE,
)
from ._handle import made
from ._values import milliseconds, optional_text, text
from .enums import Environment
from .errors import InvalidArgument, call, invalid_argument


@dataclass(frozen=True)
class Timeouts:
    """How long things may take, in seconds; ``None`` is the default. From 0.1 s to an hour; ``payment`` at most 600 s;
    ``resolve`` may be 0."""

    #: Name lookup, connecting, TLS; 10 s by default.
    connect: Optional[float] = None
    #: Every request but the payment itself; 30 s by default.
    request: Optional[float] = None
    #: The customer at the terminal; 300 s by default, at most 600 s.
    payment: Optional[float] = None
    #: Reading a payment in doubt, before it is called unknown; 90 s by default, 0 reads once.
    resolve: Optional[float] = None
    #: A reversal, an end of day or a diagnosis at the terminal; 180 s by default.
    report: Optional[float] = None


@dataclass(frozen=True)
class Config:
    """A till's settings. They are checked by `Till`, whose error names the one that cannot be used.

    ``repr`` shows neither the client's secret nor the device code.
    """

    #: The vendor's client id.
    client_id: str
    #: The vendor's client secret.
    client_secret: str = field(repr=False)
    #: The file in which the till remembers its payments: what is in doubt, what was paid and not taken over yet. One
    #: file, one till, one terminal; on a local disk, and never deleted or copied back. It is bound to the API's
    #: address, the client and the device; see `Till.rebind`. Beside it secupos keeps files whose names begin with its
    #: name. They hold receipts: keep them as you keep those.
    state_file: Union[str, os.PathLike[str]]
    #: Whether to make the state file if there is none; one that is there is opened as ever. For the setting-up of a
    #: till: one that would make a new file each day would forget what was in doubt. Without it, a missing file is an
    #: error.
    create_state_file: bool = False
    #: Where the head of the state file is kept, by which a loss is noticed; ``None`` is beside it. Best on another
    #: disk, so that one backup cannot bring back both. Give it at set-up, and the same ever after.
    head_file: Optional[Union[str, os.PathLike[str]]] = None
    #: Where the API is: https, or http to this machine itself. Either this or ``environment``.
    base_url: Optional[str] = None
    #: One of the vendor's installations. Either this or ``base_url``.
    environment: Optional[Environment] = None
    #: The code of a device that was registered elsewhere. With it the till logs in as that device; without it as the
    #: one that `Till.register` has made of it, or as the vendor's client.
    device_code: Optional[str] = field(default=None, repr=False)
    #: PEM files with certificates to be trusted too, in addition to the system's.
    ca_files: Sequence[Union[str, os.PathLike[str]]] = ()
    #: An HTTP proxy such as ``http://proxy.example:3128``, or ``environment``: what ``HTTPS_PROXY``, ``ALL_PROXY`` and
    #: ``NO_PROXY`` say, which are not asked otherwise.
    proxy: Optional[str] = None
    #: The proxy's user and password.
    proxy_login: Optional[Tuple[str, str]] = field(default=None, repr=False)
    #: The till's own name, added to what the library calls itself, such as ``Kasse/3.2``.
    user_agent_suffix: Optional[str] = None
    #: From this level of `logging` on, what the library does goes to the logger ``secupos``: ``logging.DEBUG`` has each
    #: request, ``logging.INFO`` each payment. Nothing unless it is given. The lines come from a thread of the
    #: library's, for which no payment waits; no line holds a secret, a receipt or an account number.
    log_level: Optional[int] = None
    #: How long things may take.
    timeouts: Timeouts = Timeouts()

    @contextmanager
    def _native(self) -> Iterator[Any]:
        with made("config", library.secupos_config_new) as config:
            self._set_server(config)
            client_id, client_secret = text("client_id", self.client_id), text("client_secret", self.client_secret)
            call(library.secupos_config_set_client_credentials, config, client_id, client_secret)
            if self.device_code is not None:
                call(library.secupos_config_set_device_code, config, text("device_code", self.device_code))
            self._set_state_file(config)
            if isinstance(self.ca_files, (str, bytes)):
                raise TypeError("ca_files must be a sequence of paths, not one path")
            for path in self.ca_files:
                call(library.secupos_config_add_ca_file, config, text("ca_files", os.fspath(path)))
            self._set_proxy(config)
            if self.user_agent_suffix is not None:
                suffix = text("user_agent_suffix", self.user_agent_suffix)
                call(library.secupos_config_set_user_agent_suffix, config, suffix)
            if self.log_level is not None:
                log.set_log(config, self.log_level)
            for name, number in _TIMEOUTS.items():
                _set_timeout(config, number, f"timeouts.{name}", getattr(self.timeouts, name))
            yield config

    def _set_server(self, config: Any) -> None:
        if self.environment is not None and not isinstance(self.environment, Environment):
            raise TypeError(f"environment must be an Environment, not {type(self.environment).__name__}")
        if self.environment is not None and self.base_url is not None:
            raise invalid_argument("environment and base_url exclude each other")
        if self.environment is not None:
            call(library.secupos_config_set_environment, config, self.environment)
        if self.base_url is not None:
            call(library.secupos_config_set_base_url, config, text("base_url", self.base_url))

    def _set_proxy(self, config: Any) -> None:
        if self.proxy is None:
            if self.proxy_login is not None:
                raise invalid_argument("proxy_login is given without a proxy")
            return
        login = (None, None) if self.proxy_login is None else self.proxy_login
        user, password = (optional_text("proxy_login", part) for part in login)
        call(library.secupos_config_set_proxy, config, text("proxy", self.proxy), user, password)

    def _set_state_file(self, config: Any) -> None:
        if not isinstance(self.state_file, (str, os.PathLike)):
            raise TypeError(f"state_file must be a path, not {type(self.state_file).__name__}")
        if not isinstance(self.create_state_file, bool):
            raise TypeError(f"create_state_file must be a bool, not {type(self.create_state_file).__name__}")
        path = text("state_file", os.fspath(self.state_file))
        call(library.secupos_config_set_state_file, config, path, STATE_CREATE if self.create_state_file else 0)
        if self.head_file is None:
            return
        if not isinstance(self.head_file, (str, os.PathLike)):
            raise TypeError(f"head_file must be a path, not {type(self.head_file).__name__}")
        call(library.secupos_config_set_head_file, config, text("head_file", os.fspath(self.head_file)))


_TIMEOUTS = {
    "connect": TIMEOUT_CONNECT,
    "request": TIMEOUT_REQUEST,
    "payment": TIMEOUT_PAYMENT,
    "resolve": TIMEOUT_RESOLVE,
    "report": TIMEOUT_REPORT,
}


def _set_timeout(config: Any, number: int, argument: str, value: Optional[float]) -> None:
    if value is None:
        return
    ms = milliseconds(argument, value)
    try:
        call(library.secupos_config_set_timeout_ms, config, number, ms)
    except InvalidArgument as fault:
        # The library only knows that it was given milliseconds.
        raise invalid_argument(f"{argument}: {fault.message}") from None
