// A till's settings while a till is being opened with them.

using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class ConfigHandle : NativeHandle
    {
        internal static ConfigHandle New()
        {
            SecuposException.Check(secupos_config_new(out var config, out var error), error);
            return config;
        }

        protected override bool ReleaseHandle()
        {
            secupos_config_free(handle);
            return true;
        }
    }
}
