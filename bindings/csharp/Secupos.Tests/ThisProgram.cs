// This program once more, in a process of its own.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Secupos.Tests
{
    public static class ThisProgram
    {
        public static readonly bool IsOnWindows = Environment.OSVersion.Platform == PlatformID.Win32NT;

        /// <summary>The assembly of these tests.</summary>
        public static readonly string Assembly = System.Reflection.Assembly.GetExecutingAssembly().Location;

        /// <summary>How it is started: by a runtime, if that is another program, and with these arguments.</summary>
        public static string[] Command(string assembly, params string[] arguments)
        {
            var running = Process.GetCurrentProcess().MainModule.FileName;
            var isItself = Path.GetFileName(running) == Path.GetFileName(assembly);
            return (isItself ? new[] { assembly } : new[] { running, assembly }).Concat(arguments).ToArray();
        }

        /// <summary>How a program is started.</summary>
        public static ProcessStartInfo Start(params string[] command) =>
            new ProcessStartInfo(command[0], string.Join(" ", command.Skip(1).Select(part => $"\"{part}\"")))
            {
                UseShellExecute = false,
            };
    }
}
