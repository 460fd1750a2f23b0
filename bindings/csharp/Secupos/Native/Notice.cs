// The library's notice that something is done, as a task.

using System;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace Secupos.Native
{
    internal static class Notice
    {
        // For ever: the library calls them.
        private static readonly DoneCallback Callback = Receive;
        private static readonly FreeCallback FreeReceiver = Free;

        /// <summary>One of the library's three functions that ask for a notice.</summary>
        internal delegate int Asking<THandle>(
            THandle handle, DoneCallback done, IntPtr userdata, FreeCallback userdataFree, out ErrorHandle error);

        /// <summary>
        /// A task that ends when it is done, or when the notice was taken back: whoever waits looks again then.
        /// </summary>
        internal static Task Of<THandle>(THandle handle, Asking<THandle> ask)
        {
            // What waits for it must not go on on the library's thread.
            var told = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            // A runtime that is leaving is not called into any more.
            if (!CallbackEnd.IsNear)
            {
                var userdata = GCHandle.ToIntPtr(GCHandle.Alloc(told));
                SecuposException.Check(ask(handle, Callback, userdata, FreeReceiver, out var error), error);
            }
            return told.Task;
        }

        private static void Receive(IntPtr userdata) => Told(userdata).TrySetResult(true);

        private static void Free(IntPtr userdata)
        {
            // Whoever wakes asks the library, which nobody may do while the runtime is leaving.
            if (!CallbackEnd.IsNear) Told(userdata).TrySetResult(true);
            GCHandle.FromIntPtr(userdata).Free();
        }

        private static TaskCompletionSource<bool> Told(IntPtr userdata) =>
            (TaskCompletionSource<bool>)GCHandle.FromIntPtr(userdata).Target/*!*/;
    }
}
