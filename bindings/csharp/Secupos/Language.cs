// The language of a text for the cashier.

namespace Secupos
{
    /// <summary>The language of a text for the cashier.</summary>
    public enum Language
    {
        /// <summary>German.</summary>
        German = 1,

        /// <summary>English.</summary>
        English = 2,
    }
}
