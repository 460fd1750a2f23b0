// Without the right native library every program ends at its first call, with a text that says what to do. Each case
// runs in a process of its own: a library that is loaded stays.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Secupos.Tests
{
    public static class LibraryTests
    {
        [Test]
        public static void The_library_says_its_version() =>
            Expect.That(Version.TryParse(SecuposLibrary.Version, out _), $"a version, not {SecuposLibrary.Version}");

        [Test]
        public static void The_library_the_assembly_and_its_package_are_one_version()
        {
            var said = typeof(Till).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
            Expect.Equal(SecuposLibrary.Version, said.InformationalVersion);
            Expect.Equal(Version.Parse(SecuposLibrary.Version + ".0"), typeof(Till).Assembly.GetName().Version);
            var project = Repository.Find("bindings/csharp/Secupos/Secupos.csproj", "it is checked in");
            Expect.Contains($"<Version>{SecuposLibrary.Version}</Version>", File.ReadAllText(project));
        }

        [Test]
        public static void A_missing_library_is_told() =>
            Expect.Contains("The native secupos library is missing or damaged. Put libsecupos.so", Run(_ => { }));

        [Test]
        public static void A_damaged_library_is_told() => Expect.Contains(
            ThisProgram.IsOnWindows ? "is damaged or for another processor. It must be" : "is missing or damaged.",
            Run(library => File.WriteAllText(library, "damaged")));

        [Test(OnlyOnPosix = true)]
        public static void Another_library_of_that_name_is_told() =>
            Expect.Contains("is another library of that name.", Run(library => Compile("int other;", library)));

        [Test(OnlyOnPosix = true)]
        public static void A_library_with_another_ABI_is_told() => Expect.Contains(
            "has ABI version 99 instead of 1. Take both from one release.",
            Run(library => Compile("unsigned secupos_abi_version(void) { return 99; }", library)));

        /// <summary>What this program says of the library's version where `install` has put one, or none.</summary>
        private static string Run(Action<string> install)
        {
            var directory = Path.Combine(Path.GetTempPath(), $"secupos-{Guid.NewGuid():N}");
            Directory.CreateDirectory(directory);
            try
            {
                var files = Directory.GetFiles(Path.GetDirectoryName(ThisProgram.Assembly));
                foreach (var file in files.Where(file => !Path.GetFileName(file).StartsWith("libsecupos.")))
                {
                    File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
                }
                install(Path.Combine(directory, ThisProgram.IsOnWindows ? "libsecupos.dll" : "libsecupos.so"));
                var copy = Path.Combine(directory, Path.GetFileName(ThisProgram.Assembly));
                return Read(ThisProgram.Command(copy, Program.ShowVersion));
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        private static void Compile(string source, string library)
        {
            var file = library + ".c";
            File.WriteAllText(file, source);
            Expect.Equal("", Read("cc", "-shared", "-fPIC", "-o", library, file));
        }

        /// <summary>What a program writes to its error output.</summary>
        private static string Read(params string[] command)
        {
            var start = ThisProgram.Start(command);
            start.RedirectStandardError = true;
            using (var process = Process.Start(start))
            {
                var said = process.StandardError.ReadToEnd();
                process.WaitForExit();
                return said;
            }
        }
    }
}
