// The names of outcomes, reasons, phases, reversals and actions, as the library writes them in JSON.

using Secupos.Native;
using static Secupos.Native.NativeMethods;

namespace Secupos
{
    /// <summary>The names in JSON, for logs and screens that are not for the cashier.</summary>
    public static class Names
    {
        /// <summary>"approved", "not_started", …; "unknown" for a number that the library does not know.</summary>
        public static string Name(this Outcome outcome) => Utf8.Decode(secupos_outcome_name((int)outcome))/*!*/;

        /// <summary>"no_connection", …, or "none"; "unknown" for a number that the library does not know.</summary>
        public static string Name(this Reason reason) => Utf8.Decode(secupos_reason_name((int)reason))/*!*/;

        /// <summary>"logging_in", …, or "none"; "unknown" for a number that the library does not know.</summary>
        public static string Name(this Phase phase) => Utf8.Decode(secupos_phase_name((int)phase))/*!*/;

        /// <summary>"done", "refused", …; "unknown" for a number that the library does not know.</summary>
        public static string Name(this Reversal reversal) => Utf8.Decode(secupos_reversal_name((int)reversal))/*!*/;

        /// <summary>"print_merchant", …, or "none"; "unknown" for a number that the library does not know.</summary>
        public static string Name(this NextAction action) => Utf8.Decode(secupos_action_name((int)action))/*!*/;
    }
}
