"""How a till is set up."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from . import log
from ._abi import library
from ._calls import call
from ._declarations import (
    STATE_CREATE,
    TIMEOUT_CONNECT,
    TIMEOUT_PAYMENT,
    TIMEOUT_REQUEST,
    TIMEOUT_RESOLVE,
    TIMEOUT_TERMINAL,
)
from ._handle import made
from ._values import milliseconds, optional_text, text
from .enums import Environment
from .errors import InvalidArgumentError, invalid_argument


@dataclass(frozen=True)
class Timeouts:
    """How long things may take, in seconds, from 0.1 s to an hour. `None` is the default.

    - `connect`: name lookup, connecting and TLS. The default is 10 s.
    - `request`: every request except the payment itself. The default is 30 s.
    - `payment`: the customer at the terminal. The default is 300 s, and the most is 600 s.
    - `resolve`: reading a payment in doubt, before it is called unknown. The default is 90 s, and 0 reads once.
    - `terminal`: a reversal, an end of day or a diagnosis at the terminal. The default is 180 s.
    """

    connect: float | None = None
    request: float | None = None
    payment: float | None = None
    resolve: float | None = None
    terminal: float | None = None


@dataclass(frozen=True)
class Config:
    """A till's settings. `Till` checks them, and its error names the one that cannot be used.

    `repr` shows no secret: neither the client's secret nor the device code nor anything about the proxy.

    - `client_id`: the vendor's client id.
    - `client_secret`: the vendor's client secret.
    - `state_file`: the file in which the till remembers its payments. One file belongs to one till and one terminal.
      Keep it on a local disk, never delete it, and never copy an older one back. It is bound to the API's address, the
      client and the device (see `Till.rebind`). Beside it secupos keeps files whose names begin with its name. All of
      them hold receipts: protect them as you protect those.
    - `create_state_file`: whether to make the state file if there is none. Use it once, when a till is set up: a till
      that made a new file each day would forget what was in doubt. Without it a missing file is an error. A file that
      is there is opened as ever.
    - `head_file`: where to keep the head of the state file, by which a loss is noticed. `None` is beside the state
      file. Another disk is best, because then one backup cannot bring back both. Give it when the till is set up, and
      never change it.
    - `state_group`: a group of the machine's users who may read and write the state file, too, for a till at which
      several of them work in turn. Its name; in its place its number, or on Windows its identifier. All of them must
      give the same group, and must be allowed to make files in the folder.
    - `base_url`: the address of the API: https, or http to this machine itself. Give either this or `environment`.
    - `environment`: one of the vendor's installations. Give either this or `base_url`.
    - `device_code`: the code of a device that was registered elsewhere. The till logs in as that device. Without a code
      it logs in as the device that `Till.register` has made of it, or else as the vendor's client.
    - `ca_files`: PEM files with certificates to trust in addition to the system's.
    - `proxy`: an HTTP proxy such as `http://proxy.example:3128`. Or `environment`: then the variables `HTTPS_PROXY`,
      `ALL_PROXY` and `NO_PROXY` say which one. Nothing else reads these variables.
    - `proxy_login`: the proxy's user and password.
    - `user_agent_suffix`: the till's own name, such as `Kasse/3.2`. It follows the name of the library.
    - `log_level`: from this level of `logging` on, the library writes to the logger `secupos`: `logging.DEBUG` has each
      request, `logging.INFO` each payment. `None` writes nothing. The lines come from a thread of the library's, and no
      payment waits for it. No line holds a secret, a receipt or an account number.
    - `timeouts`: how long things may take.
    """

    client_id: str
    client_secret: str = field(repr=False)
    state_file: str | os.PathLike[str]
    create_state_file: bool = False
    head_file: str | os.PathLike[str] | None = None
    state_group: str | None = None
    base_url: str | None = None
    environment: Environment | None = None
    device_code: str | None = field(default=None, repr=False)
    ca_files: Sequence[str | os.PathLike[str]] = ()
    proxy: str | None = field(default=None, repr=False)
    proxy_login: tuple[str, str] | None = field(default=None, repr=False)
    user_agent_suffix: str | None = None
    log_level: int | None = None
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
        if self.head_file is not None:
            if not isinstance(self.head_file, (str, os.PathLike)):
                raise TypeError(f"head_file must be a path, not {type(self.head_file).__name__}")
            call(library.secupos_config_set_head_file, config, text("head_file", os.fspath(self.head_file)))
        if self.state_group is not None:
            call(library.secupos_config_set_state_group, config, text("state_group", self.state_group))


_TIMEOUTS = {
    "connect": TIMEOUT_CONNECT,
    "request": TIMEOUT_REQUEST,
    "payment": TIMEOUT_PAYMENT,
    "resolve": TIMEOUT_RESOLVE,
    "terminal": TIMEOUT_TERMINAL,
}


def _set_timeout(config: Any, number: int, argument: str, value: float | None) -> None:
    if value is None:
        return
    ms = milliseconds(argument, value)
    try:
        call(library.secupos_config_set_timeout_ms, config, number, ms)
    except InvalidArgumentError as fault:
        # The library only knows that it was given milliseconds.
        raise invalid_argument(f"{argument}: {fault.message}") from None
