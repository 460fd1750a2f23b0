// How a till is set up.

using System;
using System.Collections.Generic;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// How a till is set up. Checked when a till is opened with it; changes after that do not reach the till. May be
    /// used for several tills, by one thread at a time. What is secret can be set but not read.
    /// </summary>
    public sealed class Config
    {
        /// <summary>
        /// One of the vendor's installations. Either this or <see cref="BaseUrl"/> is needed.
        /// </summary>
        public ApiEnvironment? Environment { get; set; }

        /// <summary>
        /// The address of the API instead of <see cref="Environment"/>, for example "https://connect.secucard.com".
        /// Plain http is taken only for this machine itself (127.0.0.1, ::1, localhost), for a simulator.
        /// </summary>
        public string/*?*/ BaseUrl { get; set; }

        /// <summary>The vendor's client id. Needed always.</summary>
        public string/*?*/ ClientId { get; set; }

        /// <summary>The vendor's client secret. Needed always.</summary>
        public string/*?*/ ClientSecret { private get; set; }

        /// <summary>
        /// The code of a device that was registered elsewhere. With it the till logs in as that device (the merchant and
        /// the terminal follow from it); null: as the one that <see cref="Till.Register"/> has made of it, or as the
        /// vendor's client.
        /// </summary>
        public string/*?*/ DeviceCode { private get; set; }

        /// <summary>
        /// The file in which the till remembers its payments: what is in doubt, what was paid and not taken over yet.
        /// Needed always. One file, one till, one terminal; on a local disk, and never deleted or copied back. It is
        /// bound to the API's address, the client and the device; see <see cref="Till.Rebind"/>. Beside it secupos keeps
        /// files whose names begin with its name. They hold receipts: keep them as you keep those.
        /// </summary>
        public string/*?*/ StateFile { get; set; }

        /// <summary>
        /// Whether to make the state file if there is none; one that is there is opened as ever. For the setting-up of
        /// a till: one that would make a new file each day would forget what was in doubt. Without it, a missing file
        /// is an error.
        /// </summary>
        public bool CreateStateFile { get; set; }

        /// <summary>
        /// Where the head of the state file is kept, by which a loss is noticed; null: beside it. Best on another disk, so
        /// that one backup cannot bring back both. Give it at set-up, and the same ever after.
        /// </summary>
        public string/*?*/ HeadFile { get; set; }

        /// <summary>
        /// A group of the machine's users who may read and write the state file, too; null: nobody but its owner. For a till at
        /// which several of them work in turn: its name, or its identifier (S-1-5-32-545), on Unix its number. All of them give
        /// the same, and may make files in the folder.
        /// </summary>
        public string/*?*/ StateGroup { get; set; }

        /// <summary>
        /// PEM files with certificates to trust in addition to the system's roots. TLS is always verified; there is no
        /// switch to turn that off.
        /// </summary>
        public IList<string> CaFiles { get; } = new List<string>();

        /// <summary>
        /// An HTTP proxy such as "http://proxy.example:3128", or "environment": what HTTPS_PROXY, ALL_PROXY and NO_PROXY
        /// say, which are not asked otherwise; null: none.
        /// </summary>
        public string/*?*/ Proxy { get; set; }

        /// <summary>The proxy's user; null: none.</summary>
        public string/*?*/ ProxyUser { get; set; }

        /// <summary>The proxy's password; null: none.</summary>
        public string/*?*/ ProxyPassword { private get; set; }

        /// <summary>
        /// The till's own name, added to what the library calls itself, such as "Kasse/3.2"; null: nothing.
        /// </summary>
        public string/*?*/ UserAgentSuffix { get; set; }

        /// <summary>
        /// Receives what the library does, line by line, from <see cref="LogLevel"/> on; null: nothing is logged. Called on
        /// a thread of the library's, for which no payment waits: it may take its time, and what it throws is dropped. No
        /// line holds a secret, a receipt or an account number.
        /// </summary>
        public Action<SecuposLogLevel, string>/*?*/ Log { get; set; }

        /// <summary>Which lines <see cref="Log"/> receives.</summary>
        public SecuposLogLevel LogLevel { get; set; } = SecuposLogLevel.Info;

        /// <summary>Name lookup, connecting, TLS: 0.1 s to 1 h; null = 10 s.</summary>
        public TimeSpan? ConnectTimeout { get; set; }

        /// <summary>Every request but the payment itself: 0.1 s to 1 h; null = 30 s.</summary>
        public TimeSpan? RequestTimeout { get; set; }

        /// <summary>The customer at the terminal: 0.1 s to 600 s; null = 300 s.</summary>
        public TimeSpan? PaymentTimeout { get; set; }

        /// <summary>
        /// Reading a payment in doubt, before it is called unknown: 0 (read once) to 1 h; null = 90 s.
        /// </summary>
        public TimeSpan? ResolveTimeout { get; set; }

        /// <summary>
        /// A reversal, an end of day or a diagnosis at the terminal: 100 ms to 1 h; null = 180 s.
        /// </summary>
        public TimeSpan? TerminalTimeout { get; set; }

        /// <summary>Who logs in and how. Shows no secret.</summary>
        public override string ToString() =>
            $"Config of client {ClientId}, {(DeviceCode == null ? "without" : "with")} a device code";

        /// <summary>Hands the settings that were made to the library, which checks them.</summary>
        internal static ConfigHandle HandleOf(Config config)
        {
            if (config == null) throw new ArgumentNullException(nameof(config));
            var native = ConfigHandle.New();
            try
            {
                config.CopyTo(native);
                return native;
            }
            catch
            {
                native.Dispose();
                throw;
            }
        }

        private void CopyTo(ConfigHandle native)
        {
            if (Environment != null && BaseUrl != null)
            {
                throw new ArgumentException("It and Environment exclude each other.", nameof(BaseUrl));
            }
            if (Environment != null)
            {
                Check(secupos_config_set_environment(native, (int)Environment, out var error), error, "config");
            }
            if (BaseUrl != null)
            {
                Check(secupos_config_set_base_url(native, Utf8.Encode(BaseUrl), out var error), error, "config");
            }
            if (ClientId != null || ClientSecret != null)
            {
                var (id, secret) = (Utf8.Encode(ClientId), Utf8.Encode(ClientSecret));
                Check(secupos_config_set_client_credentials(native, id, secret, out var error), error, "config");
            }
            if (DeviceCode != null)
            {
                Check(secupos_config_set_device_code(native, Utf8.Encode(DeviceCode), out var error), error, "config");
            }
            if (StateFile != null)
            {
                var flags = (int)(CreateStateFile ? StateFlags.Create : StateFlags.None);
                Check(secupos_config_set_state_file(native, Utf8.Encode(StateFile), flags, out var error), error, "config");
            }
            if (HeadFile != null)
            {
                Check(secupos_config_set_head_file(native, Utf8.Encode(HeadFile), out var error), error, "config");
            }
            if (StateGroup != null)
            {
                Check(secupos_config_set_state_group(native, Utf8.Encode(StateGroup), out var error), error, "config");
            }
            foreach (var file in CaFiles)
            {
                Check(secupos_config_add_ca_file(native, Utf8.Encode(file), out var error), error, "config");
            }
            if (Proxy != null || ProxyUser != null || ProxyPassword != null)
            {
                var (user, password) = (Utf8.Encode(ProxyUser), Utf8.Encode(ProxyPassword));
                Check(secupos_config_set_proxy(native, Utf8.Encode(Proxy), user, password, out var error), error, "config");
            }
            if (UserAgentSuffix != null)
            {
                Check(secupos_config_set_user_agent_suffix(native, Utf8.Encode(UserAgentSuffix), out var error), error, "config");
            }
            if (Log != null) LogReceiver.Set(native, LogLevel, Log);
            SetTimeout(native, TimeoutKind.Connect, ConnectTimeout, nameof(ConnectTimeout));
            SetTimeout(native, TimeoutKind.Request, RequestTimeout, nameof(RequestTimeout));
            SetTimeout(native, TimeoutKind.Payment, PaymentTimeout, nameof(PaymentTimeout));
            SetTimeout(native, TimeoutKind.Resolve, ResolveTimeout, nameof(ResolveTimeout));
            SetTimeout(native, TimeoutKind.Terminal, TerminalTimeout, nameof(TerminalTimeout));
        }

        private static void SetTimeout(ConfigHandle native, TimeoutKind which, TimeSpan? limit, string property)
        {
            if (limit == null) return;
            var milliseconds = (long)limit.Value.TotalMilliseconds;
            var status = secupos_config_set_timeout_ms(native, (int)which, milliseconds, out var error);
            Check(status, error, "config", property);
        }
    }
}
