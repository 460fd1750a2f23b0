// An open till.

namespace Secupos.Native
{
    internal sealed class TillHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.secupos_till_free(handle);
            return true;
        }
    }
}
