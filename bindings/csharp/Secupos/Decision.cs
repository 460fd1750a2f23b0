// What a person says became of a payment in doubt.

namespace Secupos
{
    /// <summary>What a person says became of a payment in doubt.</summary>
    public enum Decision
    {
        /// <summary>The customer has paid.</summary>
        Paid = 1,

        /// <summary>The customer has not paid.</summary>
        NotPaid = 2,
    }
}
