// The characters that a printer or an old till knows.

namespace Secupos
{
    /// <summary>The characters that a printer or an old till knows.</summary>
    public enum CodePage
    {
        /// <summary>All characters there are. Not for ESC/POS.</summary>
        Utf8 = 1,

        /// <summary>Windows, Western Europe, with the Euro sign; usually in slot 16.</summary>
        Cp1252 = 2,

        /// <summary>DOS, Western Europe, with the Euro sign; usually in slot 19.</summary>
        Cp858 = 3,

        /// <summary>DOS, USA: umlauts, but no Euro sign; usually in slot 0.</summary>
        Cp437 = 4,
    }
}
