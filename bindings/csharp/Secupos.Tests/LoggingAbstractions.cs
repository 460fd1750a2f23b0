// As much of Microsoft.Extensions.Logging.Abstractions as the adapter uses: that package cannot be had without NuGet. The
// names and numbers are those of the package.

namespace Microsoft.Extensions.Logging
{
    public enum LogLevel
    {
        Debug = 1,
        Information = 2,
        Warning = 3,
        Error = 4,
    }

    public interface ILogger
    {
        void Write(LogLevel level, string message);
    }

    public static class LoggerExtensions
    {
        public static void Log(this ILogger logger, LogLevel level, string message, params object[] arguments) =>
            logger.Write(level, message.Replace("{Line}", (string)arguments[0]));
    }
}
