// What asking for an abort has come to.

namespace Secupos
{
    /// <summary>
    /// What asking for an abort has come to. Whatever it is, the payment's outcome is still to be read.
    /// </summary>
    public enum AbortResult
    {
        /// <summary>
        /// Nothing that this assembly knows: a newer library says something else. It may be at the terminal.
        /// </summary>
        None = 0,

        /// <summary>
        /// It will never be started: its outcome is going to be <see cref="Outcome.NotStarted"/>.
        /// </summary>
        Abandoned = 1,

        /// <summary>
        /// It may have reached the terminal: only STOP there can stop it. It goes on, and its outcome is still to come.
        /// </summary>
        AtTerminal = 2,

        /// <summary>It has its outcome already.</summary>
        TooLate = 3,
    }
}
