// Why a payment has the outcome it has.

namespace Secupos
{
    /// <summary>
    /// Why a payment has the outcome it has; of an approved one, why its reversal was not done, or what is odd about it. A
    /// number that this assembly does not know reads as <see cref="None"/>.
    /// </summary>
    public enum Reason
    {
        /// <summary>No reason: approved, reversed or pending, or a person has decided.</summary>
        None = 0,

        /// <summary>Declined: refused, aborted or timed out; the service does not say which.</summary>
        Failed = 1,

        /// <summary>Declined: aborted.</summary>
        Aborted = 2,

        /// <summary>Declined: the customer did not act in time.</summary>
        TimedOut = 3,

        /// <summary>Declined: cancelled before it was paid.</summary>
        Cancelled = 4,

        /// <summary>Not started: no connection.</summary>
        NoConnection = 10,

        /// <summary>Not started: the till could not log in.</summary>
        LoginFailed = 11,

        /// <summary>Not started: the service did not take the sale.</summary>
        CreateRefused = 12,

        /// <summary>Not started: whether the service took the sale is not known, but it was never started.</summary>
        CreateUnsure = 13,

        /// <summary>Not started: the service refused to start and says that it never did.</summary>
        StartRefused = 14,

        /// <summary>Not started: the till has abandoned it before it was started.</summary>
        Abandoned = 15,

        /// <summary>
        /// Not started: an earlier payment of this till is in doubt, and the customer might pay that one. Settle it first:
        /// <see cref="Till.Recover"/> or <see cref="Till.Decide"/>.
        /// </summary>
        TerminalBusy = 16,

        /// <summary>
        /// Not started: the service says so, after its grace deadline, and has been told never to start it.
        /// </summary>
        NeverStarted = 17,

        /// <summary>
        /// Not started: the state file could not be written. Approved: its result could not be stored; print the receipts
        /// now.
        /// </summary>
        JournalFailed = 18,

        /// <summary>Not started: an earlier attempt of the same sale has been paid after all.</summary>
        AlreadyPaid = 19,

        /// <summary>Unknown: the connection broke.</summary>
        ConnectionLost = 20,

        /// <summary>Unknown: the service's answer makes no sense.</summary>
        AnswerUnreadable = 21,

        /// <summary>Unknown: the service still says nothing final.</summary>
        StillOpen = 22,

        /// <summary>Unknown: the service has a fault.</summary>
        ServerFailed = 23,

        /// <summary>Unknown: the till ended while it was running.</summary>
        Interrupted = 24,

        /// <summary>
        /// Not started: somebody else logs in as this device, so that the service refuses a token that it has just given.
        /// Call the support.
        /// </summary>
        LoginTaken = 25,

        /// <summary>
        /// Not started: the service knows newer payments than the state file, which was brought back from an older day.
        /// Compare the slips with what is booked, then <see cref="Till.AcceptJournalLoss"/>.
        /// </summary>
        StateFileOld = 26,

        /// <summary>Unknown or not started: a fault in secupos.</summary>
        Internal = 29,

        /// <summary>Approved: its reversal has hit another payment. Call the support.</summary>
        WrongPaymentReversed = 30,

        /// <summary>
        /// Approved: another amount was charged than was asked for, or nobody can read which; see <see
        /// cref="Payment.AmountCharged"/> and <see cref="Payment.AmountDue"/>.
        /// </summary>
        AmountDiffers = 31,
    }
}
