// Whether the customer must sign.

namespace Secupos
{
    /// <summary>
    /// Whether the customer must sign the merchant's copy. A number that this assembly does not know reads as <see
    /// cref="Unknown"/>.
    /// </summary>
    public enum Signature
    {
        /// <summary>The receipt does not say: look at it.</summary>
        Unknown = 0,

        /// <summary>It must be signed.</summary>
        Required = 1,

        /// <summary>It need not be signed.</summary>
        NotRequired = 2,
    }
}
