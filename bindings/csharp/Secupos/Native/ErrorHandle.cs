// Why a call failed, as the library tells it.

namespace Secupos.Native
{
    internal class ErrorHandle : NativeHandle
    {
        public ErrorHandle() { }

        protected ErrorHandle(bool ownsHandle) : base(ownsHandle) { }

        protected override bool ReleaseHandle()
        {
            NativeMethods.secupos_error_free(handle);
            return true;
        }
    }
}
