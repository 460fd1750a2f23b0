// What a person says became of a reversal in doubt.

namespace Secupos
{
    /// <summary>What a person says became of a reversal in doubt.</summary>
    public enum ReversalDecision
    {
        /// <summary>The money has gone back.</summary>
        Reversed = 1,

        /// <summary>It has not.</summary>
        NotReversed = 2,
    }
}
