// The vendor's installations.

namespace Secupos
{
    /// <summary>One of the vendor's installations of the API.</summary>
    public enum ApiEnvironment
    {
        /// <summary>Where tills take money.</summary>
        Production = 1,

        /// <summary>Where tills are tried out. Terminal payments move real money there too: try with cents.</summary>
        Testing = 2,
    }
}
