// How a report is run, as secupos_till_run_end_of_day and secupos_till_run_diagnosis name it.

using System;

namespace Secupos.Native
{
    [Flags]
    internal enum ReportFlags
    {
        None = 0,
        Force = 1,
    }
}
