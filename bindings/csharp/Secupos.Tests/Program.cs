// Runs every test of this assembly, one after the other, and says what failed. Where only mono is installed there is no
// test framework; this is all of one that these tests need.

using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Secupos.Tests
{
    public static class Program
    {
        /// <summary>What LibraryTests runs in a process of its own.</summary>
        public const string ShowVersion = "--version";

        public static int Main(string[] arguments)
        {
            var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            // Windows has an encoding of the console only where there is a console.
            if (!Console.IsOutputRedirected) Console.OutputEncoding = utf8;
            else Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true });
            if (arguments.Contains(ShowVersion))
            {
                Console.WriteLine(SecuposLibrary.Version);
                return 0;
            }
            if (arguments.Contains(ApiPage.Show))
            {
                Console.Write(ApiPage.Text());
                return 0;
            }
            if (arguments.FirstOrDefault() == ExitTests.Leave)
            {
                return ExitTests.PayAndLeave(arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
            }
            if (arguments.FirstOrDefault() == Later.Recover)
            {
                return Later.RecoverAndPay(arguments[1], arguments[2], arguments[3], arguments[4]);
            }
            var tests = typeof(Program).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                .Where(method => method.GetCustomAttribute<TestAttribute>() is TestAttribute test
                    && !(test.OnlyOnPosix && ThisProgram.IsOnWindows))
                .OrderBy(method => method.DeclaringType.Name, StringComparer.Ordinal)
                .ToList();
            var failed = tests.Count(test => !Passes(test));
            Console.WriteLine($"{tests.Count - failed} passed, {failed} failed, on {RuntimeInformation.FrameworkDescription}");
            return failed == 0 && tests.Count > 0 ? 0 : 1;
        }

        private static bool Passes(MethodInfo test)
        {
            try
            {
                test.Invoke(null, null);
                return true;
            }
            catch (TargetInvocationException fault)
            {
                Console.WriteLine($"FAILED {test.DeclaringType.Name}.{test.Name}\n{fault.InnerException}\n");
                return false;
            }
        }
    }
}
