// Where the text of a line stands.

namespace Secupos
{
    /// <summary>Where the text of a line stands, or the value of a name with a value.</summary>
    public enum Alignment
    {
        /// <summary>At the left edge.</summary>
        Left = 0,

        /// <summary>In the middle.</summary>
        Center = 1,

        /// <summary>At the right edge.</summary>
        Right = 2,
    }
}
