// A report of the terminal's.

using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class ReportHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            secupos_report_free(handle);
            return true;
        }
    }
}
