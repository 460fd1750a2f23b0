// Whose copy of the receipt.

namespace Secupos
{
    /// <summary>Whose copy of the receipt.</summary>
    public enum Copy
    {
        /// <summary>The customer's copy.</summary>
        Customer = 1,

        /// <summary>
        /// The merchant's copy. It must be kept and may have to be signed. It holds full account numbers.
        /// </summary>
        Merchant = 2,
    }
}
