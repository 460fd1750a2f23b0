// A till that becomes a device of the service.

using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class RegistrationHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            secupos_registration_free(handle);
            return true;
        }
    }
}
