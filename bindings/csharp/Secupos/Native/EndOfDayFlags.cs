// How an end of day is run, as secupos_till_run_end_of_day names it.

using System;

namespace Secupos.Native
{
    [Flags]
    internal enum EndOfDayFlags
    {
        None = 0,
        Force = 1,
    }
}
