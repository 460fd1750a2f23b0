// Who says what became of a payment.

namespace Secupos
{
    /// <summary>Who says what became of a payment.</summary>
    public enum Basis
    {
        /// <summary>The service.</summary>
        Server = 0,

        /// <summary>
        /// A person, with <see cref="Till.Decide"/> or <see cref="Till.DecideReversal"/>, while it was in doubt. The
        /// service is still asked.
        /// </summary>
        Operator = 1,
    }
}
