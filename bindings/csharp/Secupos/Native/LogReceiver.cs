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

        static LogReceiver()
        {
            // A runtime that is leaving must not be called into.
            AppDomain.CurrentDomain.ProcessExit += (sender, arguments) => secupos_end_callbacks();
            // Nor may a domain that is unloaded, which would wait for the library's thread. Ends the logs of all domains.
            AppDomain.CurrentDomain.DomainUnload += (sender, arguments) => secupos_end_callbacks();
        }

        internal static void Set(ConfigHandle config, LogLevel level, Action<LogLevel, string> receiver)
        {
            var userdata = GCHandle.ToIntPtr(GCHandle.Alloc(receiver));
            SecuposException.Check(secupos_config_set_log(
                config, (int)level, Callback, userdata, FreeReceiver, out var error), error);
        }

        private static void Receive(int level, IntPtr line, IntPtr userdata)
        {
            try
            {
                ((Action<LogLevel, string>)GCHandle.FromIntPtr(userdata).Target)((LogLevel)level, Utf8.Decode(line));
            }
            catch (Exception)
            {
                // It would end the process, in the middle of a payment perhaps.
            }
        }

        private static void Free(IntPtr userdata) => GCHandle.FromIntPtr(userdata).Free();
    }
}
