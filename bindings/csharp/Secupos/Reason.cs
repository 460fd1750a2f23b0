// Why a payment has the outcome it has.

namespace Secupos
{
    /// <summary>
    /// Why a payment has the outcome it has. A number that this assembly does not know reads as <see cref="None"/>.
    /// </summary>
    public enum Reason
    {
        /// <summary>No reason: approved (but see <see cref="JournalFailed"/>), reversed or pending.</summary>
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
        /// Not started: an earlier payment of this till is in doubt, and the customer might pay that one.
        /// </summary>
        TerminalBusy = 16,

        /// <summary>
        /// Not started: the service says so, after its grace deadline, and has been told never to start it.
        /// </summary>
        NeverStarted = 17,

        /// <summary>
        /// Not started: the state file could not be written. Approved: its result could not be stored.
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

        /// <summary>Unknown or not started: a fault in secupos.</summary>
        Internal = 29,

        /// <summary>Approved: its reversal has hit another payment. Call the support.</summary>
        WrongPaymentReversed = 30,
    }
}
