// Sends a till's log to Microsoft.Extensions.Logging. In source form and apart from Secupos, which needs no other package: take
// this file into the program, or build the project beside it.

using System;
using Microsoft.Extensions.Logging;

namespace Secupos.Extensions.Logging
{
    /// <summary>A till's log as one of Microsoft.Extensions.Logging.</summary>
    public static class ConfigLogging
    {
        /// <summary>
        /// Sends the log of the tills that are opened with this config to a logger, which decides what it keeps. No line holds
        /// a secret, a receipt or an account number.
        /// </summary>
        /// <param name="config">The settings.</param>
        /// <param name="logger">Where the lines go. It is called on a thread of the library's, for which no payment waits.</param>
        /// <returns>The settings.</returns>
        public static Config LogTo(this Config config, ILogger logger)
        {
            if (config == null) throw new ArgumentNullException(nameof(config));
            if (logger == null) throw new ArgumentNullException(nameof(logger));
            config.LogLevel = SecuposLogLevel.Debug;
            config.Log = (level, line) => logger.Log(LevelOf(level), "{Line}", line);
            return config;
        }

        private static LogLevel LevelOf(SecuposLogLevel level)
        {
            switch (level)
            {
                case SecuposLogLevel.Error: return LogLevel.Error;
                case SecuposLogLevel.Warning: return LogLevel.Warning;
                case SecuposLogLevel.Debug: return LogLevel.Debug;
                default: return LogLevel.Information;
            }
        }
    }
}
