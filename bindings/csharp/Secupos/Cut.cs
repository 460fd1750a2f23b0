// How an ESC/POS job ends.

namespace Secupos
{
    /// <summary>How an ESC/POS job ends.</summary>
    public enum Cut
    {
        /// <summary>The paper is not cut: many printers have no cutter.</summary>
        None = 1,

        /// <summary>The paper hangs on by a point.</summary>
        Partial = 2,

        /// <summary>The paper is cut off.</summary>
        Full = 3,
    }
}
