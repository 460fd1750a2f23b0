// What became of a payment's reversal.

namespace Secupos
{
    /// <summary>What became of a payment's reversal. What is not recognised reads as <see cref="Unknown"/>.</summary>
    public enum Reversal
    {
        /// <summary>In doubt: it may be reversed. Do not refund it in another way yet.</summary>
        Unknown = 0,

        /// <summary>Nobody has tried.</summary>
        None = 1,

        /// <summary>It is running.</summary>
        Pending = 2,

        /// <summary>It is reversed; so says the outcome.</summary>
        Done = 3,

        /// <summary>It is not reversed: refused, or not sent. The payment stands.</summary>
        Refused = 4,
    }
}
