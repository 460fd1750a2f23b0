// Who receives a till's log: kept alive by the library, which lets go of it after the last line.

using System;
using System.Runtime.InteropServices;
using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal static class LogReceiver
    {
        // For ever: the library calls them.
        private static readonly LogCallback Callback = Receive;
        private static readonly FreeCallback FreeReceiver = Free;

        internal static void Set(ConfigHandle config, SecuposLogLevel level, Action<SecuposLogLevel, string> receiver)
        {
            if (CallbackEnd.IsNear) return;
            var userdata = GCHandle.ToIntPtr(GCHandle.Alloc(receiver));
            SecuposException.Check(secupos_config_set_log(
                config, (int)level, Callback, userdata, FreeReceiver, out var error), error);
        }

        private static void Receive(int level, IntPtr line, IntPtr userdata)
        {
            try
            {
                ((Action<SecuposLogLevel, string>)GCHandle.FromIntPtr(userdata).Target/*!*/)((SecuposLogLevel)level, Utf8.Decode(line)/*!*/);
            }
            catch (Exception)
            {
                // It would end the process, in the middle of a payment perhaps.
            }
        }

        private static void Free(IntPtr userdata) => GCHandle.FromIntPtr(userdata).Free();
    }
}
