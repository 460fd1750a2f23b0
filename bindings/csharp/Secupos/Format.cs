// What comes out of rendering a receipt.

namespace Secupos
{
    /// <summary>What comes out of rendering a receipt.</summary>
    public enum Format
    {
        /// <summary>Plain text, in UTF-8 or a code page.</summary>
        Text = 1,

        /// <summary>Bytes for a receipt printer, to be sent as they are.</summary>
        Escpos = 2,

        /// <summary>One section of HTML in UTF-8, for the screen or 58 and 80 mm paper.</summary>
        Html = 3,

        /// <summary>A PDF file; not PDF/A.</summary>
        Pdf = 4,

        /// <summary>One JSON object: that of <see cref="Receipt.ToJson"/> with "duplicate" and "reversed".</summary>
        Json = 5,
    }
}
