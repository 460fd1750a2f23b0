// Who says what became of a payment.

namespace Secupos
{
    /// <summary>Who says what became of a payment.</summary>
    public enum Basis
    {
        /// <summary>The service.</summary>
        Server = 0,

        /// <summary>A person, with <see cref="Till.Decide"/>, while it was in doubt.</summary>
        Operator = 1,
    }
}
