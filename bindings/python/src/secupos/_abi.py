"""The C ABI as ctypes sees it: every function of ``include/secupos.h`` with the types of its arguments and its result.

Each kind of handle is an opaque structure of its own, so that ctypes refuses one in another's place. Texts that the
library lends are copied into ``str`` (or ``None``) by the call itself. ``CDLL`` releases the GIL during each call.
"""

from __future__ import annotations

from ctypes import (
    CDLL,
    CFUNCTYPE,
    POINTER,
    Structure,
    c_char,
    c_char_p,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_void_p,
)
from typing import Any, Dict, Optional, Tuple

from . import _library

ABI_VERSION = 1


class secupos_config(Structure):
    """How a till is set up."""


class secupos_till(Structure):
    """A till."""


class secupos_sale(Structure):
    """What is to be paid for."""


class secupos_payment(Structure):
    """A payment."""


class secupos_payment_list(Structure):
    """Payments; each of them lives as long as the list."""


class secupos_receipt(Structure):
    """One copy of a receipt."""


class secupos_registration(Structure):
    """A till that becomes a device of the service."""


class secupos_render_options(Structure):
    """How a receipt is drawn."""


class secupos_bytes(Structure):
    """Bytes that the caller owns."""


class secupos_report(Structure):
    """The end of the terminal's day, or its diagnosis."""


class secupos_error(Structure):
    """What went wrong."""


_config = POINTER(secupos_config)
_till = POINTER(secupos_till)
_sale = POINTER(secupos_sale)
_payment = POINTER(secupos_payment)
_payment_list = POINTER(secupos_payment_list)
_receipt = POINTER(secupos_receipt)
_registration = POINTER(secupos_registration)
_render_options = POINTER(secupos_render_options)
_bytes = POINTER(secupos_bytes)
_report = POINTER(secupos_report)
_error = POINTER(secupos_error)
_error_out = POINTER(_error)

# Every integer typedef of the header (status, outcome, copy, …) is this.
_number = c_int32

#: Takes a line of the log: its level, the line, the userdata.
LogCallback = CFUNCTYPE(None, c_int32, c_char_p, c_void_p)
#: Frees the userdata.
FreeCallback = CFUNCTYPE(None, c_void_p)

#: name: (type of the result, types of the arguments), in the header's order.
FUNCTIONS: Dict[str, Tuple[Any, Tuple[Any, ...]]] = {
    "secupos_error_status": (_number, (_error,)),
    "secupos_error_message": (c_char_p, (_error,)),
    "secupos_error_cashier_text": (c_char_p, (_error, _number)),
    "secupos_error_http_status": (c_int32, (_error,)),
    "secupos_error_server_code": (c_char_p, (_error,)),
    "secupos_error_server_text": (c_char_p, (_error,)),
    "secupos_error_support_id": (c_char_p, (_error,)),
    "secupos_error_retry_after_ms": (c_int64, (_error,)),
    "secupos_error_free": (None, (_error,)),
    "secupos_version": (c_char_p, ()),
    "secupos_abi_version": (c_uint32, ()),
    "secupos_status_name": (c_char_p, (_number,)),
    "secupos_config_new": (_number, (POINTER(_config), _error_out)),
    "secupos_config_free": (None, (_config,)),
    "secupos_config_set_environment": (_number, (_config, _number, _error_out)),
    "secupos_config_set_base_url": (_number, (_config, c_char_p, _error_out)),
    "secupos_config_set_client_credentials": (_number, (_config, c_char_p, c_char_p, _error_out)),
    "secupos_config_set_device_code": (_number, (_config, c_char_p, _error_out)),
    "secupos_config_set_state_file": (_number, (_config, c_char_p, _number, _error_out)),
    "secupos_config_set_head_file": (_number, (_config, c_char_p, _error_out)),
    "secupos_config_add_ca_file": (_number, (_config, c_char_p, _error_out)),
    "secupos_config_set_proxy": (_number, (_config, c_char_p, c_char_p, c_char_p, _error_out)),
    "secupos_config_set_user_agent_suffix": (_number, (_config, c_char_p, _error_out)),
    "secupos_config_set_timeout_ms": (_number, (_config, _number, c_int64, _error_out)),
    "secupos_config_set_log": (_number, (_config, _number, LogCallback, c_void_p, FreeCallback, _error_out)),
    "secupos_end_logs": (None, ()),
    "secupos_till_open": (_number, (_config, POINTER(_till), _error_out)),
    "secupos_till_free": (None, (_till,)),
    "secupos_till_pay": (_number, (_till, _sale, POINTER(_payment), _error_out)),
    "secupos_till_start_payment": (_number, (_till, _sale, POINTER(_payment), _error_out)),
    "secupos_till_recover": (_number, (_till, c_char_p, c_int32, POINTER(_payment), _error_out)),
    "secupos_till_recover_all": (_number, (_till, c_int64, POINTER(_payment_list), _error_out)),
    "secupos_till_reverse": (_number, (_till, c_char_p, c_int32, POINTER(_payment), _error_out)),
    "secupos_till_reverse_confirmed": (_number, (_till, c_char_p, c_int32, c_char_p, POINTER(_payment), _error_out)),
    "secupos_till_to_json": (_number, (_till, POINTER(_bytes), _error_out)),
    "secupos_till_unfinished": (_number, (_till, POINTER(_payment_list), _error_out)),
    "secupos_till_acknowledge": (_number, (_till, c_char_p, c_int32, _error_out)),
    "secupos_payment_acknowledge": (_number, (_payment, _till, _error_out)),
    "secupos_till_decide": (
        _number,
        (_till, c_char_p, c_int32, _number, c_char_p, c_char_p, c_int64, POINTER(_payment), _error_out),
    ),
    "secupos_till_decide_reversal": (
        _number,
        (_till, c_char_p, c_int32, _number, c_char_p, c_char_p, POINTER(_payment), _error_out),
    ),
    "secupos_till_rebind": (_number, (_config, c_char_p, c_char_p, _error_out)),
    "secupos_till_find_payments": (
        _number,
        (_till, c_int64, c_int64, c_int64, POINTER(_payment_list), _error_out),
    ),
    "secupos_till_accept_journal_loss": (_number, (_till, c_char_p, _error_out)),
    "secupos_till_register": (_number, (_till, c_char_p, POINTER(_registration), _error_out)),
    "secupos_till_registration_state": (_number, (_till, POINTER(_number), _error_out)),
    "secupos_registration_user_code": (c_char_p, (_registration,)),
    "secupos_registration_verification_url": (c_char_p, (_registration,)),
    "secupos_registration_expires_at": (c_int64, (_registration,)),
    "secupos_registration_wait": (_number, (_registration, c_int64, POINTER(_number), _error_out)),
    "secupos_registration_free": (None, (_registration,)),
    "secupos_sale_new": (_number, (c_char_p, c_int64, c_char_p, POINTER(_sale), _error_out)),
    "secupos_sale_set_attempt": (_number, (_sale, c_int32, _error_out)),
    "secupos_sale_add_item": (
        _number,
        (_sale, c_char_p, c_int32, c_int64, c_int32, c_char_p, c_char_p, _error_out),
    ),
    "secupos_sale_add_coupon": (
        _number,
        (_sale, c_char_p, c_int32, c_int64, c_int32, c_char_p, c_char_p, _error_out),
    ),
    "secupos_sale_add_item_group": (_number, (_sale, c_char_p, c_char_p, c_int32, _error_out)),
    "secupos_sale_set_gratuity": (_number, (_sale, c_int64, _error_out)),
    "secupos_sale_set_transaction_ref": (_number, (_sale, c_char_p, _error_out)),
    "secupos_sale_confirm_not_duplicate": (_number, (_sale, c_char_p, _error_out)),
    "secupos_sale_free": (None, (_sale,)),
    "secupos_till_verify_archive": (_number, (_till, POINTER(_bytes), _error_out)),
    "secupos_till_export_day": (_number, (_till, c_char_p, c_char_p, POINTER(_bytes), _error_out)),
    "secupos_till_prune_archive": (_number, (_till, c_int32, c_char_p, POINTER(_bytes), _error_out)),
    "secupos_receipt_parse": (_number, (c_char_p, c_size_t, _number, POINTER(_receipt), _error_out)),
    "secupos_receipt_free": (None, (_receipt,)),
    "secupos_receipt_line_count": (c_size_t, (_receipt,)),
    "secupos_receipt_line_type": (_number, (_receipt, c_size_t)),
    "secupos_receipt_line_text": (c_char_p, (_receipt, c_size_t)),
    "secupos_receipt_line_name": (c_char_p, (_receipt, c_size_t)),
    "secupos_receipt_line_value": (c_char_p, (_receipt, c_size_t)),
    "secupos_receipt_line_is_important": (c_int32, (_receipt, c_size_t)),
    "secupos_receipt_line_alignment": (_number, (_receipt, c_size_t)),
    "secupos_receipt_field": (c_char_p, (_receipt, c_char_p)),
    "secupos_receipt_signature": (_number, (_receipt,)),
    "secupos_receipt_render": (_number, (_receipt, _render_options, POINTER(_bytes), _error_out)),
    "secupos_receipt_replaced": (_number, (_receipt, _render_options, POINTER(_number), _error_out)),
    "secupos_receipt_to_json": (_number, (_receipt, POINTER(_bytes), _error_out)),
    "secupos_render_options_new": (_number, (POINTER(_render_options), _error_out)),
    "secupos_render_options_set_columns": (_number, (_render_options, c_int32, _error_out)),
    "secupos_render_options_set_format": (_number, (_render_options, _number, _error_out)),
    "secupos_render_options_set_code_page": (_number, (_render_options, _number, c_int32, _error_out)),
    "secupos_render_options_set_cut": (_number, (_render_options, _number, _error_out)),
    "secupos_render_options_set_feed": (_number, (_render_options, c_int32, _error_out)),
    "secupos_render_options_set_duplicate": (_number, (_render_options, c_int32, _error_out)),
    "secupos_render_options_set_language": (_number, (_render_options, _number, _error_out)),
    "secupos_render_options_set_prefix": (_number, (_render_options, c_char_p, c_size_t, _error_out)),
    "secupos_render_options_set_suffix": (_number, (_render_options, c_char_p, c_size_t, _error_out)),
    "secupos_render_options_free": (None, (_render_options,)),
    # Not c_char_p: that would end at the first NUL inside the bytes.
    "secupos_bytes_data": (POINTER(c_char), (_bytes,)),
    "secupos_bytes_len": (c_size_t, (_bytes,)),
    "secupos_bytes_free": (None, (_bytes,)),
    "secupos_payment_wait": (_number, (_payment, c_int64, POINTER(_number), _error_out)),
    "secupos_payment_abort": (_number, (_payment, POINTER(_number), _error_out)),
    "secupos_payment_free": (None, (_payment,)),
    "secupos_payment_outcome": (_number, (_payment,)),
    "secupos_payment_reason": (_number, (_payment,)),
    "secupos_payment_reversal": (_number, (_payment,)),
    "secupos_payment_basis": (_number, (_payment,)),
    "secupos_payment_replayed": (c_int32, (_payment,)),
    "secupos_payment_conflict": (c_int32, (_payment,)),
    "secupos_payment_next_action_count": (c_size_t, (_payment,)),
    "secupos_payment_next_action": (_number, (_payment, c_size_t)),
    "secupos_payment_reference": (c_char_p, (_payment,)),
    "secupos_payment_attempt": (c_int32, (_payment,)),
    "secupos_payment_transaction_id": (c_char_p, (_payment,)),
    "secupos_payment_status_text": (c_char_p, (_payment,)),
    "secupos_payment_amount": (c_int64, (_payment,)),
    "secupos_payment_amount_charged": (c_int64, (_payment,)),
    "secupos_payment_amount_due": (c_int64, (_payment,)),
    "secupos_payment_currency": (c_char_p, (_payment,)),
    "secupos_payment_receipt_number": (c_int64, (_payment,)),
    "secupos_payment_created_at": (c_int64, (_payment,)),
    "secupos_payment_settled_at": (c_int64, (_payment,)),
    "secupos_payment_signature": (_number, (_payment,)),
    "secupos_payment_merchant_receipt_due": (c_int32, (_payment,)),
    "secupos_payment_receipts_pruned": (c_int32, (_payment,)),
    "secupos_payment_cashier_text": (c_char_p, (_payment, _number)),
    "secupos_payment_error": (_error, (_payment,)),
    "secupos_payment_receipt": (_number, (_payment, _number, POINTER(_receipt), _error_out)),
    "secupos_payment_render_receipt": (
        _number,
        (_payment, _number, _render_options, POINTER(_bytes), _error_out),
    ),
    "secupos_payment_to_json": (_number, (_payment, POINTER(_bytes), _error_out)),
    "secupos_payment_list_count": (c_size_t, (_payment_list,)),
    "secupos_payment_list_payment": (_payment, (_payment_list, c_size_t)),
    "secupos_payment_list_free": (None, (_payment_list,)),
    "secupos_till_run_end_of_day": (_number, (_till, _number, POINTER(_report), _error_out)),
    "secupos_till_run_diagnosis": (_number, (_till, _number, POINTER(_report), _error_out)),
    "secupos_report_wait": (_number, (_report, c_int64, POINTER(_number), _error_out)),
    "secupos_report_render": (_number, (_report, _render_options, POINTER(_bytes), _error_out)),
    "secupos_report_to_json": (_number, (_report, POINTER(_bytes), _error_out)),
    "secupos_report_error": (_error, (_report,)),
    "secupos_report_free": (None, (_report,)),
}

LANGUAGE_GERMAN = 1
LANGUAGE_ENGLISH = 2


def language(name: str) -> int:
    """The number of a language; like the library, reads anything but English as German."""
    return LANGUAGE_ENGLISH if name == "en" else LANGUAGE_GERMAN


def _copied(text: Optional[bytes], _function: Any, _arguments: Any) -> Optional[str]:
    return None if text is None else text.decode("utf-8")


def _declared() -> CDLL:
    found, place = _library.load()
    try:
        # First of all: of a library with another ABI nothing else may be called.
        _declare(found, "secupos_abi_version")
        version = found.secupos_abi_version()
        if version != ABI_VERSION:
            raise ImportError(f"{place} has the ABI version {version}, but this secupos package needs {ABI_VERSION}")
        for name in FUNCTIONS:
            _declare(found, name)
    except AttributeError as fault:
        raise ImportError(f"{place} is not the native library that this secupos package needs: {fault}") from fault
    return found


def _declare(found: CDLL, name: str) -> None:
    function = getattr(found, name)
    function.restype, function.argtypes = FUNCTIONS[name]
    if function.restype is c_char_p:
        function.errcheck = _copied


library = _declared()
