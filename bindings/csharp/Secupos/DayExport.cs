// A day that was exported, from Till.ExportDay.

using System.Collections.Generic;

namespace Secupos
{
    /// <summary>A day that was exported.</summary>
    public sealed class DayExport
    {
        internal DayExport(IReadOnlyDictionary<string, object/*?*/> told)
        {
            PaymentsFile = (string)told["payments_file"]/*!*/;
            ReceiptsFile = (string)told["receipts_file"]/*!*/;
            Payments = (int)(long)told["payments"]/*!*/;
            Damaged = (int)(long)told["damaged"]/*!*/;
            WasThere = (bool)told["was_there"]/*!*/;
        }

        /// <summary>The payments, one a line, as JSON. The last line has the checksums.</summary>
        public string PaymentsFile { get; }

        /// <summary>The receipts, as printed.</summary>
        public string ReceiptsFile { get; }

        /// <summary>How many payments were begun on that day.</summary>
        public int Payments { get; }

        /// <summary>
        /// How many of the service's answers are not as they were received: see <see cref="Till.VerifyArchive"/>.
        /// </summary>
        public int Damaged { get; }

        /// <summary>Whether the day was exported before. Then nothing was written.</summary>
        public bool WasThere { get; }

        /// <summary>Where it is, and how much.</summary>
        public override string ToString() => $"{PaymentsFile}: {Payments} payments, {Damaged} damaged";
    }
}
