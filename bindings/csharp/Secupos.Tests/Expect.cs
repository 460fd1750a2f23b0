// What a test may expect.

using System;

namespace Secupos.Tests
{
    public static class Expect
    {
        public static void That(bool holds, string what)
        {
            if (!holds) throw new Exception($"expected: {what}");
        }

        public static void Equal<T>(T expected, T actual) =>
            That(Equals(expected, actual), $"{Shown(expected)}, but it is {Shown(actual)}");

        public static void Contains(string part, string text) =>
            That(text != null && text.Contains(part), $"{Shown(part)} in {Shown(text)}");

        public static void Lacks(string part, string text) =>
            That(text != null && !text.Contains(part), $"no {Shown(part)} in {Shown(text)}");

        public static T Throws<T>(Action action) where T : Exception
        {
            try
            {
                action();
            }
            catch (T fault)
            {
                return fault;
            }
            throw new Exception($"expected: {typeof(T).Name}, but nothing was thrown");
        }

        /// <summary>The call is refused with this status, by a message that says this of its argument.</summary>
        public static SecuposException Refused(Status status, string message, Action action)
        {
            var fault = Throws<SecuposException>(action);
            Equal(status, fault.Status);
            Contains(message, fault.Message);
            return fault;
        }

        private static string Shown(object value) => value == null ? "null" : $"\"{value}\"";
    }
}
