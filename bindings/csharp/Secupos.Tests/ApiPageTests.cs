// docs/api/csharp.md shows what the assembly has.

using System.IO;
using System.Linq;

namespace Secupos.Tests
{
    public static class ApiPageTests
    {
        [Test]
        public static void The_page_shows_the_whole_surface_as_it_is()
        {
            const string command = "mono target/csharp/Secupos.Tests.exe --api-page >docs/api/csharp.md";
            var (should, found) = (Lines(ApiPage.Text()), Lines(File.ReadAllText(Repository.Find("docs/api/csharp.md", command))));
            var at = should.Zip(found, (one, other) => one == other).TakeWhile(same => same).Count();
            Expect.That(
                should.SequenceEqual(found), $"line {at + 1} to be {should.ElementAtOrDefault(at)}; to write it: {command}");
        }

        private static string[] Lines(string text) => text.Split('\n');
    }
}
