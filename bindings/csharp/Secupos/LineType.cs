// What a line of a receipt is.

namespace Secupos
{
    /// <summary>
    /// What a line of a receipt is. A number that this assembly does not know reads as <see cref="Unknown"/>.
    /// </summary>
    public enum LineType
    {
        /// <summary>A kind that secupos does not know; printed by its text, as far as it has one.</summary>
        Unknown = 0,

        /// <summary>Begins a receipt or a section: a headline, or a rule where it has no text.</summary>
        Separator = 1,

        /// <summary>Text.</summary>
        Text = 2,

        /// <summary>A name on the left and a value on the right.</summary>
        NameValue = 3,

        /// <summary>An empty line.</summary>
        Space = 4,
    }
}
