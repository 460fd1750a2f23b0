"""The library's log, as lines of Python's logger `secupos`."""

from __future__ import annotations

import logging
from ctypes import c_void_p
from typing import Any

from ._abi import library
from ._calls import call
from ._declarations import LOG_DEBUG, LOG_ERROR, LOG_INFO, LOG_OFF, LOG_WARNING, FreeCallback, LogCallback

_logger = logging.getLogger("secupos")

_LEVELS = {
    LOG_ERROR: logging.ERROR,
    LOG_WARNING: logging.WARNING,
    LOG_INFO: logging.INFO,
    LOG_DEBUG: logging.DEBUG,
}


def number(level: int) -> int:
    """The library's level for this level of `logging`."""
    if isinstance(level, bool) or not isinstance(level, int):
        raise TypeError(f"log_level must be a level of logging, such as logging.INFO, not {type(level).__name__}")
    return max((number for number, least in _LEVELS.items() if least >= level), default=LOG_OFF)


def set_log(config: Any, level: int) -> None:
    """Gives the log of the tills that are opened with this native config to the logger."""
    call(library.secupos_config_set_log, config, number(level), _callback, None, FreeCallback())


# This runs on a thread of the library's. ctypes reports what a handler raises, and no payment hears of it.
def _write(level: int, line: bytes, _userdata: c_void_p | None) -> None:
    _logger.log(_LEVELS.get(level, logging.INFO), "%s", line.decode("utf-8"))


# For ever: the library calls it.
_callback = LogCallback(_write)
