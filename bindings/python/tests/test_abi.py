"""The ctypes declarations against the header: every function with the types of its arguments, every number."""

import ctypes
import re
import unittest

import secupos
from secupos import _abi, _declarations, config
from simulator import REPOSITORY

HEADER = (REPOSITORY / "include" / "secupos.h").read_text(encoding="utf-8")
CODE = re.sub(r"/\*.*?\*/|//[^\n]*", " ", HEADER, flags=re.DOTALL)
PROTOTYPE = re.compile(r"([\w\s*]+?)\b(secupos_\w+)\s*\(([^()]*)\)\s*;")
NUMBER = re.compile(r"^\s*#define\s+SECUPOS_(\w+)\s+\(?(-?\d+)\)?\s*$", re.MULTILINE)
TYPEDEF = re.compile(r"typedef\s+int32_t\s+(secupos_\w+)\s*;")

NUMBERS = {name: int(number) for name, number in NUMBER.findall(CODE)}
PLAIN = {
    "void": None,
    "char*": ctypes.c_char_p,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "size_t": ctypes.c_size_t,
    "void*": ctypes.c_void_p,
    "secupos_log_callback": _declarations.LogCallback,
    "secupos_done_callback": _declarations.DoneCallback,
    "secupos_free_callback": _declarations.FreeCallback,
    **{typedef: ctypes.c_int32 for typedef in TYPEDEF.findall(CODE)},
}


def as_ctypes(declaration):
    """The ctypes type of a C type, such as ``const secupos_till *``."""
    words = re.sub(r"\b(const|struct|extern|SECUPOS_API|SECUPOS_CALL)\b", " ", declaration)
    name = re.sub(r"\s+", "", words)
    if name in PLAIN:
        return PLAIN[name]
    if name.endswith("*"):
        return ctypes.POINTER(as_ctypes(name[:-1]))
    return getattr(_declarations, name)


def without_name(parameter):
    """The type of a parameter."""
    return re.sub(r"\b\w+\s*$", "", parameter)


def prototypes():
    """Every function of the header: name, C result, C types of the arguments."""
    code = re.sub(r"^\s*#.*$|typedef[^;]*;|extern\s+\"C\"\s*\{", " ", CODE, flags=re.MULTILINE)
    for result, name, parameters in PROTOTYPE.findall(code):
        given = [] if parameters.strip() in ("", "void") else parameters.split(",")
        yield name, result, [without_name(parameter) for parameter in given]


class Functions(unittest.TestCase):
    def test_the_header_is_understood(self):
        self.assertEqual(len(set(re.findall(r"\b(secupos_\w+)\s*\(", CODE))), len(list(prototypes())))

    def test_every_function_is_declared_and_no_other(self):
        self.assertEqual({name for name, _, _ in prototypes()}, set(_declarations.FUNCTIONS))

    def test_every_argument_and_result_has_the_headers_type(self):
        for name, result, parameters in prototypes():
            with self.subTest(name):
                declared_result, declared_arguments = _declarations.FUNCTIONS[name]
                self.assertEqual(list(declared_arguments), [as_ctypes(parameter) for parameter in parameters])
                # Its bytes may hold a NUL.
                lent = ctypes.POINTER(ctypes.c_char) if name == "secupos_bytes_data" else as_ctypes(result)
                self.assertEqual(declared_result, lent)

    def test_the_loaded_functions_carry_the_declarations(self):
        for name, (result, arguments) in _declarations.FUNCTIONS.items():
            function = getattr(_abi.library, name)
            self.assertEqual((function.restype, tuple(function.argtypes)), (result, arguments), name)

    def test_a_handle_of_another_kind_is_refused(self):
        with self.assertRaises(ctypes.ArgumentError):
            _abi.library.secupos_payment_outcome(ctypes.POINTER(_declarations.secupos_till)())


class Numbers(unittest.TestCase):
    def test_the_abi_version_is_the_headers(self):
        self.assertEqual(_declarations.ABI_VERSION, NUMBERS["ABI_VERSION"])

    def test_every_enum_has_the_headers_numbers(self):
        for prefix, enum, left_out in [
            ("STATUS", secupos.Status, {}),
            ("OUTCOME", secupos.Outcome, {}),
            ("REASON", secupos.Reason, {"NONE": 0}),
            ("ACTION", secupos.Action, {}),
            ("COPY", secupos.Copy, {}),
            ("SIGNATURE", secupos.Signature, {}),
            ("DECIDED_BY", secupos.DecidedBy, {}),
            ("REVERSAL", secupos.Reversal, {"DECISION_REVERSED": 1, "DECISION_NOT_REVERSED": 2}),
            ("REVERSAL_DECISION", secupos.ReversalDecision, {}),
            ("REPORT", secupos.ReportOutcome, {"FORCE": _declarations.REPORT_FORCE}),
            ("DECISION", secupos.Decision, {}),
            ("ABORT", secupos.Abort, {}),
            ("ENVIRONMENT", secupos.Environment, {}),
            ("LINE", secupos.LineType, {}),
            ("ALIGNMENT", secupos.Alignment, {}),
        ]:
            with self.subTest(prefix):
                self.assertEqual({**{member.name: member.value for member in enum}, **left_out}, numbers(prefix))

    def test_languages_timeouts_and_flags_have_the_headers_numbers(self):
        languages = {"GERMAN": _declarations.LANGUAGE_GERMAN, "ENGLISH": _declarations.LANGUAGE_ENGLISH}
        self.assertEqual(languages, numbers("LANGUAGE"))
        self.assertEqual({name.upper(): number for name, number in config._TIMEOUTS.items()}, numbers("TIMEOUT"))
        self.assertEqual({"CREATE": _declarations.STATE_CREATE}, numbers("STATE"))

    def test_the_library_knows_each_status_by_the_same_name(self):
        for status in secupos.Status:
            self.assertEqual(_abi.library.secupos_status_name(status), status.name)

    def test_a_member_as_a_text_is_the_librarys_name_for_it(self):
        for enum, name_of in [
            (secupos.Outcome, _abi.library.secupos_outcome_name),
            (secupos.Reason, _abi.library.secupos_reason_name),
            (secupos.Action, _abi.library.secupos_action_name),
            (secupos.Reversal, _abi.library.secupos_reversal_name),
            (secupos.Status, _abi.library.secupos_status_name),
        ]:
            for member in enum:
                self.assertEqual((str(member), f"{member}"), (name_of(member), name_of(member)))
        self.assertEqual(f"{secupos.Outcome.NOT_STARTED:>12}", " not_started")

    def test_what_the_comments_refer_to_is_there(self):
        named = re.findall(r"`(\w+)\.(\w+)`", (REPOSITORY / "bindings/python/src/secupos/enums.py").read_text("utf-8"))
        self.assertGreater(len(named), 10)
        for owner, name in named:
            self.assertTrue(hasattr(getattr(secupos, owner), name), f"{owner}.{name}")

    def test_numbers_that_are_not_known_have_a_safe_reading(self):
        self.assertIs(secupos.Outcome(77), secupos.Outcome.UNKNOWN)
        self.assertIs(secupos.Signature(77), secupos.Signature.UNKNOWN)
        self.assertIs(secupos.DecidedBy(77), secupos.DecidedBy.SERVER)
        self.assertIs(secupos.Abort(0), secupos.Abort.AT_TERMINAL)
        self.assertIs(secupos.Action(77), secupos.Action.CALL_SUPPORT)
        self.assertIs(secupos.LineType(77), secupos.LineType.UNKNOWN)
        self.assertIs(secupos.Alignment(77), secupos.Alignment.LEFT)
        self.assertEqual((secupos.Reason(77), secupos.Reason(77).name), (77, "REASON_77"))
        self.assertEqual((secupos.Status(77), secupos.Status(77).name), (77, "STATUS_77"))


class Texts(unittest.TestCase):
    def test_the_texts_of_errors_noticed_in_python_are_the_librarys(self):
        table = (REPOSITORY / "src" / "error.rs").read_text(encoding="utf-8")
        for texts in _declarations.CASHIER_TEXTS.values():
            for text in texts:
                self.assertIn(f'"{text}"', table)

    def test_package_and_library_are_one_version(self):
        project = (REPOSITORY / "bindings" / "python" / "pyproject.toml").read_text(encoding="utf-8")
        self.assertIn(f'\nversion = "{secupos.__version__}"\n', project)


def numbers(prefix):
    """The header's constants with this prefix."""
    return {name[len(prefix) + 1 :]: number for name, number in NUMBERS.items() if name.startswith(f"{prefix}_")}


if __name__ == "__main__":
    unittest.main()
