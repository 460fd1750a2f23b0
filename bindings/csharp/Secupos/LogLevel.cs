// How much a line of the log matters.

namespace Secupos
{
    /// <summary>
    /// How much a line of the log matters. A log has the lines of its level and those that matter more.
    /// </summary>
    public enum LogLevel
    {
        /// <summary>No lines.</summary>
        Off = 0,

        /// <summary>Something is broken: the disk, secupos itself.</summary>
        Error = 1,

        /// <summary>Something failed that may mend itself, or a payment is in doubt.</summary>
        Warning = 2,

        /// <summary>What a till does: opened, each payment's beginning and end.</summary>
        Info = 3,

        /// <summary>Each request: method, path, HTTP status, time, and which payment it is about.</summary>
        Debug = 4,
    }
}
