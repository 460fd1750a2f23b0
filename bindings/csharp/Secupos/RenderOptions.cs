// How a receipt is rendered: for which paper, printer or program.

using System;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// How a receipt is rendered. What a format has no use for is ignored by it. Checked when it is used; one thread at a
    /// time may change it.
    /// </summary>
    public sealed class RenderOptions
    {
        /// <summary>What comes out; text unless it is said.</summary>
        public ReceiptFormat Format { get; set; } = ReceiptFormat.Text;

        /// <summary>
        /// How many characters the paper is wide, 16 to 96: 32 on 58 mm, 42 or 48 on 80 mm. 42 unless it is said.
        /// </summary>
        public int Columns { get; set; } = 42;

        /// <summary>The characters of text and ESC/POS; null is UTF-8 for text and CP1252 for ESC/POS.</summary>
        public CodePage? CodePage { get; set; }

        /// <summary>
        /// The number that the printer's maker gave to the code page, 0 to 255; null is the usual one.
        /// </summary>
        public int? Slot { get; set; }

        /// <summary>How an ESC/POS job ends; no cut unless it is said.</summary>
        public PaperCut Cut { get; set; } = PaperCut.None;

        /// <summary>How many empty lines an ESC/POS job ends with, 0 to 255; 4 unless it is said.</summary>
        public int Feed { get; set; } = 4;

        /// <summary>
        /// Marks a reprint, with the time. Not for a first print that failed: a duplicate is not signed.
        /// </summary>
        public bool Duplicate { get; set; }

        /// <summary>The language of the marks; German unless it is said.</summary>
        public CashierLanguage Language { get; set; } = CashierLanguage.German;

        /// <summary>Bytes sent before an ESC/POS job as they are, at most 65 536; null: none.</summary>
        public byte[]/*?*/ Prefix { get; set; }

        /// <summary>Bytes sent after an ESC/POS job as they are, at most 65 536; null: none.</summary>
        public byte[]/*?*/ Suffix { get; set; }

        /// <summary>What comes out, and how wide.</summary>
        public override string ToString() => $"RenderOptions: {Format}, {Columns} columns";

        internal RenderOptionsHandle ToHandle()
        {
            if (Slot.HasValue && !CodePage.HasValue) throw new ArgumentException("It is given without a code page.", nameof(Slot));
            Check(secupos_render_options_new(out var options, out var error), error);
            try
            {
                Check(secupos_render_options_set_format(options, (int)Format, out error), error, "options");
                Check(secupos_render_options_set_columns(options, Columns, out error), error, "options");
                if (CodePage.HasValue)
                {
                    Check(secupos_render_options_set_code_page(options, (int)CodePage, Slot ?? -1, out error), error, "options");
                }
                Check(secupos_render_options_set_cut(options, (int)Cut, out error), error, "options");
                Check(secupos_render_options_set_feed(options, Feed, out error), error, "options");
                Check(secupos_render_options_set_duplicate(options, Duplicate ? 1 : 0, out error), error, "options");
                Check(secupos_render_options_set_language(options, (int)Language, out error), error, "options");
                var prefix = Prefix ?? new byte[0];
                Check(secupos_render_options_set_prefix(options, prefix, (UIntPtr)prefix.Length, out error), error, "options");
                var suffix = Suffix ?? new byte[0];
                Check(secupos_render_options_set_suffix(options, suffix, (UIntPtr)suffix.Length, out error), error, "options");
                return options;
            }
            catch
            {
                options.Dispose();
                throw;
            }
        }
    }
}
