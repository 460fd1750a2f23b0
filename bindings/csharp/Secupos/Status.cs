// What went wrong, as a frozen number.

namespace Secupos
{
    /// <summary>
    /// What went wrong, as a frozen number. Any of these but <see cref="Ok"/> means that the call sent no start: no
    /// money moved because of it. What became of a payment is never told by a status, always by its <see
    /// cref="Outcome"/>.
    /// </summary>
    public enum Status
    {
        /// <summary>It worked. No exception has this status.</summary>
        Ok = 0,

        /// <summary>A required argument was null.</summary>
        NullArgument = 10,

        /// <summary>A text cannot be UTF-8: it holds a NUL or half a surrogate pair.</summary>
        InvalidUtf8 = 11,

        /// <summary>An argument has a value that cannot be used; the message names both.</summary>
        InvalidArgument = 12,

        /// <summary>A handle of another type, or one that a panic has made unusable.</summary>
        InvalidHandle = 13,

        /// <summary>The call does not fit what the object has been through.</summary>
        InvalidState = 14,

        /// <summary>The state file does not exist.</summary>
        Missing = 20,

        /// <summary>Another till uses the state file, here or in another process.</summary>
        Locked = 21,

        /// <summary>
        /// The state file was damaged or lost: no payment begins until <see cref="Till.AcceptJournalLoss"/>.
        /// </summary>
        Damaged = 22,

        /// <summary>The state file belongs to another till.</summary>
        Mismatch = 23,

        /// <summary>The state file was written by a newer secupos.</summary>
        TooNew = 24,

        /// <summary>The journal could not be written.</summary>
        JournalFailed = 25,

        /// <summary>The reference was used before, with other values or in a way that cannot be repeated.</summary>
        Conflict = 30,

        /// <summary>The reference is closed: <see cref="Till.Acknowledge(Payment)"/> was called.</summary>
        Closed = 31,

        /// <summary>The same amount is in doubt: <see cref="Sale.ConfirmNotDuplicate"/>.</summary>
        PossibleDuplicate = 32,

        /// <summary>The attempt is not the next one.</summary>
        AttemptOutOfOrder = 33,

        /// <summary>No payment has this reference.</summary>
        NotFound = 34,

        /// <summary>The till is busy with another operation.</summary>
        Busy = 35,

        /// <summary>A person at the till must confirm it first.</summary>
        ConfirmationRequired = 36,

        /// <summary>The till has not been registered.</summary>
        NotRegistered = 40,

        /// <summary>The registration was denied.</summary>
        Denied = 41,

        /// <summary>The registration was not confirmed in time.</summary>
        Expired = 42,

        /// <summary>The server does not accept the client's id, secret or device code.</summary>
        InvalidCredentials = 43,

        /// <summary>The server could not be reached.</summary>
        Unreachable = 50,

        /// <summary>TLS failed: the server could not prove who it is.</summary>
        Tls = 51,

        /// <summary>The server did not answer in time.</summary>
        Timeout = 52,

        /// <summary>The proxy refused.</summary>
        Proxy = 53,

        /// <summary>The server refused the request.</summary>
        Refused = 60,

        /// <summary>The server failed.</summary>
        Failed = 61,

        /// <summary>The server's answer makes no sense.</summary>
        Protocol = 62,

        /// <summary>What should be a receipt is none.</summary>
        Malformed = 70,

        /// <summary>The receipt is larger than any receipt.</summary>
        TooLarge = 71,

        /// <summary>A fault in secupos itself.</summary>
        Internal = 90,

        /// <summary>The process was forked after the till was opened.</summary>
        Forked = 91,
    }
}
