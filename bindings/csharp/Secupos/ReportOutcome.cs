// What became of a report.

namespace Secupos
{
    /// <summary>What became of a report. What is not recognised reads as <see cref="MayHaveRun"/>.</summary>
    public enum ReportOutcome
    {
        /// <summary>Nobody knows: look at the terminal. It is never sent again by itself.</summary>
        MayHaveRun = 0,

        /// <summary>It was run.</summary>
        Done = 1,

        /// <summary>The service or the terminal refused.</summary>
        Refused = 2,

        /// <summary>It was provably not sent.</summary>
        NotRun = 3,

        /// <summary>It is still running.</summary>
        Pending = 4,
    }
}
