"""Each status is the exception that says what it means."""

import unittest

import secupos
from secupos import Status, errors

#: Each status with its exception and the family of that.
MEANINGS = {
    Status.NULL_ARGUMENT: (secupos.CallerError, secupos.CallerError),
    Status.INVALID_UTF8: (secupos.CallerError, secupos.CallerError),
    Status.INVALID_ARGUMENT: (secupos.InvalidArgumentError, secupos.CallerError),
    Status.INVALID_HANDLE: (secupos.CallerError, secupos.CallerError),
    Status.INVALID_STATE: (secupos.InvalidStateError, secupos.CallerError),
    Status.STATE_FILE_MISSING: (secupos.StateFileMissingError, secupos.StateFileError),
    Status.STATE_FILE_LOCKED: (secupos.StateFileLockedError, secupos.StateFileError),
    Status.STATE_FILE_DAMAGED: (secupos.StateFileDamagedError, secupos.StateFileError),
    Status.STATE_FILE_MISMATCH: (secupos.StateFileMismatchError, secupos.StateFileError),
    Status.STATE_FILE_TOO_NEW: (secupos.StateFileTooNewError, secupos.StateFileError),
    Status.JOURNAL_FAILED: (secupos.StateFileAccessError, secupos.StateFileError),
    Status.REFERENCE_CONFLICT: (secupos.ReferenceConflictError, secupos.SaleReferenceError),
    Status.REFERENCE_CLOSED: (secupos.ReferenceClosedError, secupos.SaleReferenceError),
    Status.POSSIBLE_DUPLICATE: (secupos.PossibleDuplicateError, secupos.SecuposError),
    Status.ATTEMPT_OUT_OF_ORDER: (secupos.AttemptOutOfOrderError, secupos.SaleReferenceError),
    Status.NOT_FOUND: (secupos.PaymentNotFoundError, secupos.SaleReferenceError),
    Status.BUSY: (secupos.BusyError, secupos.SecuposError),
    Status.CONFIRMATION_REQUIRED: (secupos.ConfirmationRequiredError, secupos.SecuposError),
    Status.NOT_REGISTERED: (secupos.LoginError, secupos.SecuposError),
    Status.REGISTRATION_DENIED: (secupos.LoginError, secupos.SecuposError),
    Status.REGISTRATION_EXPIRED: (secupos.LoginError, secupos.SecuposError),
    Status.INVALID_CREDENTIALS: (secupos.LoginError, secupos.SecuposError),
    Status.UNREACHABLE: (secupos.NetworkError, secupos.SecuposError),
    Status.TLS: (secupos.NetworkError, secupos.SecuposError),
    Status.TIMEOUT: (secupos.NetworkError, secupos.SecuposError),
    Status.PROXY: (secupos.NetworkError, secupos.SecuposError),
    Status.SERVER_REFUSED: (secupos.ServerError, secupos.SecuposError),
    Status.SERVER_FAILED: (secupos.ServerError, secupos.SecuposError),
    Status.PROTOCOL: (secupos.ServerError, secupos.SecuposError),
    Status.RECEIPT_MALFORMED: (secupos.ReceiptError, secupos.SecuposError),
    Status.RECEIPT_TOO_LARGE: (secupos.ReceiptError, secupos.SecuposError),
    Status.INTERNAL: (secupos.InternalError, secupos.SecuposError),
    Status.FORKED: (secupos.ForkedError, secupos.CallerError),
}


class Meanings(unittest.TestCase):
    def test_every_status_has_one(self):
        self.assertEqual(set(MEANINGS), set(Status))

    def test_every_status_is_raised_as_what_it_means(self):
        for status, (kind, family) in MEANINGS.items():
            with self.subTest(status):
                self.assertIs(errors.exception_for(status), kind)
                self.assertTrue(issubclass(kind, family))
        self.assertFalse(issubclass(secupos.BusyError, secupos.SaleReferenceError))
        self.assertTrue(issubclass(secupos.InvalidArgumentError, ValueError))

    def test_a_status_of_a_newer_library_is_one_of_its_family(self):
        for number, family in {
            19: secupos.CallerError,
            29: secupos.StateFileError,
            39: secupos.SecuposError,
            49: secupos.LoginError,
            59: secupos.NetworkError,
            69: secupos.ServerError,
            79: secupos.ReceiptError,
            89: secupos.SecuposError,
            99: secupos.InternalError,
        }.items():
            self.assertIs(errors.exception_for(Status(number)), family)

    def test_it_is_shown_by_its_meaning_and_its_message(self):
        fault = errors.invalid_argument("amount is 0")
        self.assertEqual(repr(fault), "secupos.InvalidArgumentError('INVALID_ARGUMENT: amount is 0')")
        self.assertEqual(str(errors.without_details(Status.BUSY)), "BUSY: no details")


if __name__ == "__main__":
    unittest.main()
