// What became of a payment.

namespace Secupos
{
    /// <summary>
    /// What became of a payment. A number that this assembly does not know reads as <see cref="Unknown"/>: in doubt.
    /// </summary>
    public enum Outcome
    {
        /// <summary>In doubt: money may have moved. Do not charge again.</summary>
        Unknown = 0,

        /// <summary>Money moved.</summary>
        Approved = 1,

        /// <summary>No money moved: refused, aborted or timed out.</summary>
        Declined = 2,

        /// <summary>Provably never started; no money moved.</summary>
        NotStarted = 3,

        /// <summary>It was paid and has been reversed.</summary>
        Reversed = 4,

        /// <summary>Not decided yet.</summary>
        Pending = 5,
    }
}
