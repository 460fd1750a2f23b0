// How a till stands, from Till.GetStatus.

using System;
using System.Collections.Generic;

namespace Secupos
{
    /// <summary>How a till stands.</summary>
    public sealed class TillStatus
    {
        internal TillStatus(IReadOnlyDictionary<string, object/*?*/> told)
        {
            var due = (IReadOnlyDictionary<string, object/*?*/>)told["end_of_day_due"]/*!*/;
            PaymentsForEndOfDay = (int)(long)due["payments"]/*!*/;
            EndOfDayDueSince = Time(due["since"]);
            LastEndOfDay = Time(told["last_end_of_day"]);
            LoginsTaken = (int)(long)told["logins_taken"]/*!*/;
            RollbackUnnoticed = (bool)told["rollback_unnoticed"]/*!*/;
        }

        /// <summary>How many payments wait for the end of the terminal's day.</summary>
        public int PaymentsForEndOfDay { get; }

        /// <summary>Since when the first of them waits (UTC); null if none does.</summary>
        public DateTimeOffset? EndOfDayDueSince { get; }

        /// <summary>When the end of day was run last (UTC); null if it never was.</summary>
        public DateTimeOffset? LastEndOfDay { get; }

        /// <summary>How often somebody else has logged in as this device since the till was opened.</summary>
        public int LoginsTaken { get; }

        /// <summary>
        /// Whether a state file of an older day would not be noticed, because the service does not list its payments.
        /// </summary>
        public bool RollbackUnnoticed { get; }

        /// <summary>What waits for the end of the day, and since when.</summary>
        public override string ToString() => $"{PaymentsForEndOfDay} payments wait for the end of day";

        private static DateTimeOffset? Time(object/*?*/ milliseconds) =>
            milliseconds == null ? default(DateTimeOffset?) : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
    }
}
