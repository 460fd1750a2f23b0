/* secupos for C++17: the same library, with objects that free themselves and exceptions. Header only; link secupos.
 *
 *     secupos::config config;
 *     config.set_environment(secupos::environment::production);
 *     config.set_client_credentials(client_id, client_secret);
 *     config.set_device_code(device_code);
 *     config.set_state_file("/var/lib/till/secupos.db");
 *     const secupos::till till(config);                               // open once, keep it
 *
 *     secupos::sale sale("2026-11-23/0042", 1250, "EUR");             // 12.50 EUR under the till's own number
 *     const secupos::payment payment = till.pay(sale);                // throws: nothing was sent, nothing charged
 *     for (secupos::action next : payment.next_actions())             // print, have it signed, try again, …
 *         todo(payment, next);
 *     if (payment.outcome() == secupos::outcome::approved)
 *         till.acknowledge(payment);                                  // booked and printed
 *
 * secupos.h is the manual. It says what a status and an outcome say about the money, what to do after a crash, and in
 * which units the numbers are. This header says only what C++ adds:
 *   Errors    A call that fails throws secupos::error. From pay and start_payment that means: this call sent nothing
 *             and charged nothing. If memory runs out, any function may throw std::bad_alloc. That says nothing about
 *             the money: pay again with the same reference and attempt, or recover. Getters throw nothing else.
 *   Handles   Handles are move only. Destructors never throw, never wait and never stop a payment. An object that was
 *             moved from may be destroyed or assigned to. Its getters give 0, unknown or nothing. Its calls throw
 *             NULL_ARGUMENT.
 *   Texts     A text in is a std::string_view of UTF-8 and need not end with a NUL. A text out is a std::string: a copy
 *             that never dangles. A value that may be absent is a std::optional.
 *   Numbers   Money is std::int64_t in minor units, never a double. An outcome, reason or action that this header does
 *             not know reads as the one with the number 0: in doubt, none.
 *   Threads   Till, payment, receipt, bytes and errors are shared. Config, sale and options are exclusive. secupos.h
 *             says what that means.
 */

#ifndef SECUPOS_HPP
#define SECUPOS_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "secupos.h"

namespace secupos {

/// One of the vendor's installations.
enum class environment : std::int32_t {
    production = SECUPOS_ENVIRONMENT_PRODUCTION,
    testing = SECUPOS_ENVIRONMENT_TESTING, ///< Terminal payments move real money there too.
};

/// Which timeout: each limits one thing that can take too long.
enum class timeout : std::int32_t {
    connect = SECUPOS_TIMEOUT_CONNECT,
    request = SECUPOS_TIMEOUT_REQUEST,
    payment = SECUPOS_TIMEOUT_PAYMENT,
    resolve = SECUPOS_TIMEOUT_RESOLVE,
    report = SECUPOS_TIMEOUT_REPORT,
};

/// How the state file is opened.
enum class state_flags : std::int32_t {
    none = 0,
    create = SECUPOS_STATE_CREATE, ///< Once, when the till is set up.
};

/// How much a line of the log matters. A log has the lines of its level and those that matter more.
enum class log_level : std::int32_t {
    off = SECUPOS_LOG_OFF,
    error = SECUPOS_LOG_ERROR,     ///< Something is broken: the disk, secupos itself.
    warning = SECUPOS_LOG_WARNING, ///< Something failed that may mend itself, or a payment is in doubt.
    info = SECUPOS_LOG_INFO,       ///< What a till does: it was opened, a payment began or ended.
    debug = SECUPOS_LOG_DEBUG,     ///< Each request.
};

/// The language of a text for the cashier.
enum class language : std::int32_t {
    german = SECUPOS_LANGUAGE_GERMAN,
    english = SECUPOS_LANGUAGE_ENGLISH,
};

/// What a person says about a payment in doubt.
enum class decision : std::int32_t {
    paid = SECUPOS_DECISION_PAID,
    not_paid = SECUPOS_DECISION_NOT_PAID,
};

/// What a person says about a reversal in doubt.
enum class reversal_decision : std::int32_t {
    reversed = SECUPOS_REVERSAL_DECISION_REVERSED,
    not_reversed = SECUPOS_REVERSAL_DECISION_NOT_REVERSED,
};

/// Whose copy of the receipt.
enum class copy : std::int32_t {
    customer = SECUPOS_COPY_CUSTOMER,
    merchant = SECUPOS_COPY_MERCHANT, ///< Must be kept and may have to be signed; holds full account numbers.
};

/// The format of a rendered receipt.
enum class format : std::int32_t {
    text = SECUPOS_FORMAT_TEXT,     ///< Plain text, in UTF-8 or a code page.
    escpos = SECUPOS_FORMAT_ESCPOS, ///< Bytes for a receipt printer. Send them as they are.
    html = SECUPOS_FORMAT_HTML,     ///< One section of HTML in UTF-8, without scripts.
    pdf = SECUPOS_FORMAT_PDF,       ///< A PDF file (Courier, not PDF/A).
    json = SECUPOS_FORMAT_JSON,     ///< One JSON object.
};

/// The characters that a printer or an old till can print.
enum class code_page : std::int32_t {
    utf8 = SECUPOS_CODE_PAGE_UTF8,     ///< Not for ESC/POS.
    cp1252 = SECUPOS_CODE_PAGE_CP1252, ///< Windows, Western Europe.
    cp858 = SECUPOS_CODE_PAGE_CP858,   ///< DOS, Western Europe, with the Euro sign.
    cp437 = SECUPOS_CODE_PAGE_CP437,   ///< DOS, USA: with umlauts, without the Euro sign.
};

/// How an ESC/POS job ends.
enum class cut : std::int32_t {
    none = SECUPOS_CUT_NONE,
    partial = SECUPOS_CUT_PARTIAL,
    full = SECUPOS_CUT_FULL,
};

/// Why a call failed. A number that this header does not know keeps its value.
enum class status : std::int32_t {
    ok = SECUPOS_OK,
    null_argument = SECUPOS_STATUS_NULL_ARGUMENT,
    invalid_utf8 = SECUPOS_STATUS_INVALID_UTF8,
    invalid_argument = SECUPOS_STATUS_INVALID_ARGUMENT,
    invalid_handle = SECUPOS_STATUS_INVALID_HANDLE,
    invalid_state = SECUPOS_STATUS_INVALID_STATE,
    missing = SECUPOS_STATUS_MISSING,
    locked = SECUPOS_STATUS_LOCKED,
    damaged = SECUPOS_STATUS_DAMAGED,
    mismatch = SECUPOS_STATUS_MISMATCH,
    too_new = SECUPOS_STATUS_TOO_NEW,
    journal_failed = SECUPOS_STATUS_JOURNAL_FAILED,
    conflict = SECUPOS_STATUS_CONFLICT,
    closed = SECUPOS_STATUS_CLOSED,
    possible_duplicate = SECUPOS_STATUS_POSSIBLE_DUPLICATE,
    attempt_out_of_order = SECUPOS_STATUS_ATTEMPT_OUT_OF_ORDER,
    not_found = SECUPOS_STATUS_NOT_FOUND,
    busy = SECUPOS_STATUS_BUSY,
    confirmation_required = SECUPOS_STATUS_CONFIRMATION_REQUIRED,
    not_registered = SECUPOS_STATUS_NOT_REGISTERED,
    denied = SECUPOS_STATUS_DENIED,
    expired = SECUPOS_STATUS_EXPIRED,
    invalid_credentials = SECUPOS_STATUS_INVALID_CREDENTIALS,
    unreachable = SECUPOS_STATUS_UNREACHABLE,
    tls = SECUPOS_STATUS_TLS,
    timeout = SECUPOS_STATUS_TIMEOUT,
    proxy = SECUPOS_STATUS_PROXY,
    refused = SECUPOS_STATUS_REFUSED,
    failed = SECUPOS_STATUS_FAILED,
    protocol = SECUPOS_STATUS_PROTOCOL,
    malformed = SECUPOS_STATUS_MALFORMED,
    too_large = SECUPOS_STATUS_TOO_LARGE,
    internal = SECUPOS_STATUS_INTERNAL,
    forked = SECUPOS_STATUS_FORKED,
};

/// What became of a payment.
enum class outcome : std::int32_t {
    unknown = SECUPOS_OUTCOME_UNKNOWN,         ///< In doubt: money may have moved. Do not charge again.
    approved = SECUPOS_OUTCOME_APPROVED,       ///< Money moved.
    declined = SECUPOS_OUTCOME_DECLINED,       ///< No money moved: refused, aborted or timed out.
    not_started = SECUPOS_OUTCOME_NOT_STARTED, ///< No money moved: provably never started.
    reversed = SECUPOS_OUTCOME_REVERSED,       ///< It was paid and has been reversed.
    pending = SECUPOS_OUTCOME_PENDING,         ///< It is running.
};

/// Why a payment has its outcome. secupos.h explains each at its SECUPOS_REASON_*.
enum class reason : std::int32_t {
    none = SECUPOS_REASON_NONE,
    failed = SECUPOS_REASON_FAILED,
    aborted = SECUPOS_REASON_ABORTED,
    timed_out = SECUPOS_REASON_TIMED_OUT,
    cancelled = SECUPOS_REASON_CANCELLED,
    no_connection = SECUPOS_REASON_NO_CONNECTION,
    login_failed = SECUPOS_REASON_LOGIN_FAILED,
    create_refused = SECUPOS_REASON_CREATE_REFUSED,
    create_unsure = SECUPOS_REASON_CREATE_UNSURE,
    start_refused = SECUPOS_REASON_START_REFUSED,
    abandoned = SECUPOS_REASON_ABANDONED,
    terminal_busy = SECUPOS_REASON_TERMINAL_BUSY,
    never_started = SECUPOS_REASON_NEVER_STARTED,
    journal_failed = SECUPOS_REASON_JOURNAL_FAILED,
    already_paid = SECUPOS_REASON_ALREADY_PAID,
    connection_lost = SECUPOS_REASON_CONNECTION_LOST,
    answer_unreadable = SECUPOS_REASON_ANSWER_UNREADABLE,
    still_open = SECUPOS_REASON_STILL_OPEN,
    server_failed = SECUPOS_REASON_SERVER_FAILED,
    interrupted = SECUPOS_REASON_INTERRUPTED,
    login_taken = SECUPOS_REASON_LOGIN_TAKEN,       ///< Call support.
    state_file_old = SECUPOS_REASON_STATE_FILE_OLD, ///< Compare the slips, then till::accept_journal_loss.
    internal = SECUPOS_REASON_INTERNAL,
    wrong_payment_reversed = SECUPOS_REASON_WRONG_PAYMENT_REVERSED, ///< Call support.
    amount_differs = SECUPOS_REASON_AMOUNT_DIFFERS,                 ///< See amount_charged and amount_due.
};

/// Who says what became of a payment.
enum class basis : std::int32_t {
    server = SECUPOS_BASIS_SERVER,
    operator_decision = SECUPOS_BASIS_OPERATOR, ///< A person. The till still asks the service.
};

/// What the till should do next. refund, collect and collect_rest are given once.
enum class action : std::int32_t {
    none = 0, ///< An action that this header does not know: the cashier's text says it.
    print_merchant = SECUPOS_ACTION_PRINT_MERCHANT,
    take_signature = SECUPOS_ACTION_TAKE_SIGNATURE,
    print_customer = SECUPOS_ACTION_PRINT_CUSTOMER,
    try_again = SECUPOS_ACTION_TRY_AGAIN,
    recover_later = SECUPOS_ACTION_RECOVER_LATER,
    look_at_terminal = SECUPOS_ACTION_LOOK_AT_TERMINAL,
    ask_cashier = SECUPOS_ACTION_ASK_CASHIER,
    refund = SECUPOS_ACTION_REFUND,
    collect = SECUPOS_ACTION_COLLECT,
    call_support = SECUPOS_ACTION_CALL_SUPPORT,
    collect_rest = SECUPOS_ACTION_COLLECT_REST,         ///< payment::amount_due says how much.
    check_unfinished = SECUPOS_ACTION_CHECK_UNFINISHED, ///< Acknowledge this payment, then till::recover_all.
};

/// What an abort can do.
enum class abort_result : std::int32_t {
    none = 0,
    abandoned = SECUPOS_ABORT_ABANDONED,
    at_terminal = SECUPOS_ABORT_AT_TERMINAL, ///< Only STOP at the terminal can stop it; wait for its outcome.
    too_late = SECUPOS_ABORT_TOO_LATE,
};

/// Whether the customer must sign the merchant's copy.
enum class signature : std::int32_t {
    unknown = SECUPOS_SIGNATURE_UNKNOWN, ///< Look at the copy.
    required = SECUPOS_SIGNATURE_REQUIRED,
    not_required = SECUPOS_SIGNATURE_NOT_REQUIRED,
};

/// How far a till's registration with the service has come.
enum class registration_state : std::int32_t {
    unregistered = SECUPOS_REGISTRATION_UNREGISTERED, ///< It logs in as the vendor's client.
    registered = SECUPOS_REGISTRATION_REGISTERED,
    pending = SECUPOS_REGISTRATION_PENDING, ///< A person must confirm it.
    denied = SECUPOS_REGISTRATION_DENIED,
    expired = SECUPOS_REGISTRATION_EXPIRED, ///< Register again.
};

/// What became of a payment's reversal.
enum class reversal : std::int32_t {
    unknown = SECUPOS_REVERSAL_UNKNOWN, ///< In doubt: do not refund it in another way yet.
    none = SECUPOS_REVERSAL_NONE,
    pending = SECUPOS_REVERSAL_PENDING,
    done = SECUPOS_REVERSAL_DONE,
    refused = SECUPOS_REVERSAL_REFUSED, ///< The payment stands.
};

/// What became of a report.
enum class report_outcome : std::int32_t {
    may_have_run = SECUPOS_REPORT_MAY_HAVE_RUN, ///< Look at the terminal.
    done = SECUPOS_REPORT_DONE,
    refused = SECUPOS_REPORT_REFUSED,
    not_run = SECUPOS_REPORT_NOT_RUN,
    pending = SECUPOS_REPORT_PENDING,
};

/// How a report is run.
enum class report_flags : std::int32_t {
    none = 0,
    force = SECUPOS_REPORT_FORCE, ///< Even if something in doubt may still reach the terminal.
};

/// The kind of a receipt's line.
enum class line_type : std::int32_t {
    unknown = SECUPOS_LINE_UNKNOWN,
    separator = SECUPOS_LINE_SEPARATOR,
    text = SECUPOS_LINE_TEXT,
    name_value = SECUPOS_LINE_NAME_VALUE,
    space = SECUPOS_LINE_SPACE,
};

/// The place of a line's text, or of the value in a line with a name and a value.
enum class alignment : std::int32_t {
    left = SECUPOS_ALIGNMENT_LEFT,
    center = SECUPOS_ALIGNMENT_CENTER,
    right = SECUPOS_ALIGNMENT_RIGHT,
};

/// What the classes below are made of; not for tills.
namespace detail {

/// The constant of ours that has this number of the library's, or the one with the number 0, the safe reading. The
/// compiler warns if a list is incomplete.
constexpr outcome known(outcome value) noexcept
{
    switch (value) {
    case outcome::unknown: case outcome::approved: case outcome::declined: case outcome::not_started:
    case outcome::reversed: case outcome::pending:
        return value;
    }
    return outcome::unknown;
}

constexpr reason known(reason value) noexcept
{
    switch (value) {
    case reason::none: case reason::failed: case reason::aborted: case reason::timed_out: case reason::cancelled:
    case reason::no_connection: case reason::login_failed: case reason::create_refused: case reason::create_unsure:
    case reason::start_refused: case reason::abandoned: case reason::terminal_busy: case reason::never_started:
    case reason::journal_failed: case reason::already_paid: case reason::connection_lost:
    case reason::answer_unreadable: case reason::still_open: case reason::server_failed: case reason::interrupted:
    case reason::login_taken: case reason::state_file_old: case reason::internal: case reason::wrong_payment_reversed:
    case reason::amount_differs:
        return value;
    }
    return reason::none;
}

constexpr basis known(basis value) noexcept
{
    switch (value) {
    case basis::server: case basis::operator_decision:
        return value;
    }
    return basis::server;
}

constexpr action known(action value) noexcept
{
    switch (value) {
    case action::none: case action::print_merchant: case action::take_signature: case action::print_customer:
    case action::try_again: case action::recover_later: case action::look_at_terminal: case action::ask_cashier:
    case action::refund: case action::collect: case action::call_support: case action::collect_rest:
    case action::check_unfinished:
        return value;
    }
    return action::none;
}

constexpr abort_result known(abort_result value) noexcept
{
    switch (value) {
    case abort_result::none: case abort_result::abandoned: case abort_result::at_terminal: case abort_result::too_late:
        return value;
    }
    return abort_result::none;
}

constexpr signature known(signature value) noexcept
{
    switch (value) {
    case signature::unknown: case signature::required: case signature::not_required:
        return value;
    }
    return signature::unknown;
}

constexpr registration_state known(registration_state value) noexcept
{
    switch (value) {
    case registration_state::unregistered: case registration_state::registered: case registration_state::pending:
    case registration_state::denied: case registration_state::expired:
        return value;
    }
    return registration_state::unregistered;
}

constexpr reversal known(reversal value) noexcept
{
    switch (value) {
    case reversal::unknown: case reversal::none: case reversal::pending: case reversal::done: case reversal::refused:
        return value;
    }
    return reversal::unknown;
}

constexpr report_outcome known(report_outcome value) noexcept
{
    switch (value) {
    case report_outcome::may_have_run: case report_outcome::done: case report_outcome::refused:
    case report_outcome::not_run: case report_outcome::pending:
        return value;
    }
    return report_outcome::may_have_run;
}

constexpr line_type known(line_type value) noexcept
{
    switch (value) {
    case line_type::unknown: case line_type::separator: case line_type::text: case line_type::name_value:
    case line_type::space:
        return value;
    }
    return line_type::unknown;
}

constexpr alignment known(alignment value) noexcept
{
    switch (value) {
    case alignment::left: case alignment::center: case alignment::right:
        return value;
    }
    return alignment::left;
}

template <typename Enum>
constexpr Enum read(std::int32_t number) noexcept
{
    return known(static_cast<Enum>(number));
}

template <typename Enum>
constexpr std::int32_t number(Enum value) noexcept
{
    return static_cast<std::int32_t>(value);
}

inline std::string text(const char *lent)
{
    return lent != nullptr ? std::string(lent) : std::string();
}

inline std::optional<std::string> optional_text(const char *lent)
{
    return lent != nullptr ? std::optional<std::string>(lent) : std::nullopt;
}

/// A text on its way in, with the NUL that C wants. A NUL inside would cut the text short. It becomes two bytes that
/// are not UTF-8, so that the library refuses the text by its name.
class c_text {
  public:
    c_text(std::string_view text) : text_(text)
    {
        for (std::size_t at = 0; (at = text_.find('\0', at)) != std::string::npos; at += 2)
            text_.replace(at, 1, "\xc0\x80");
    }
    operator const char *() const noexcept { return text_.c_str(); }

  private:
    std::string text_;
};

/// The same for a text that may be absent.
class optional_c_text {
  public:
    optional_c_text(std::optional<std::string_view> text)
    {
        if (text)
            text_.emplace(*text);
    }
    operator const char *() const noexcept { return text_ ? static_cast<const char *>(*text_) : nullptr; }

  private:
    std::optional<c_text> text_;
};

/// The first of some bytes that need no NUL behind them; never NULL.
inline const char *start(std::string_view raw) noexcept
{
    return raw.data() != nullptr ? raw.data() : "";
}

/// How each type is freed. None of these throws or waits.
struct freed {
    void operator()(secupos_error *object) const noexcept { secupos_error_free(object); }
    void operator()(secupos_config *object) const noexcept { secupos_config_free(object); }
    void operator()(secupos_till *object) const noexcept { secupos_till_free(object); }
    void operator()(secupos_registration *object) const noexcept { secupos_registration_free(object); }
    void operator()(secupos_report *object) const noexcept { secupos_report_free(object); }
    void operator()(secupos_sale *object) const noexcept { secupos_sale_free(object); }
    void operator()(secupos_receipt *object) const noexcept { secupos_receipt_free(object); }
    void operator()(secupos_render_options *object) const noexcept { secupos_render_options_free(object); }
    void operator()(secupos_bytes *object) const noexcept { secupos_bytes_free(object); }
    void operator()(secupos_payment *object) const noexcept { secupos_payment_free(object); }
    void operator()(secupos_payment_list *object) const noexcept { secupos_payment_list_free(object); }
};

/// One object of the library's: move only. It is freed together with the last part that it has lent.
template <typename T>
class handle {
  public:
    /// Takes over an object of secupos.h.
    template <typename U>
    explicit handle(U *owned) : object_(owned, freed{}) {}
    handle(const handle &) = delete;
    handle(handle &&) noexcept = default;
    handle &operator=(const handle &) = delete;
    handle &operator=(handle &&) noexcept = default;
    ~handle() = default;

    /// The object for the functions of secupos.h, borrowed. NULL after it was moved from.
    T *get() const noexcept { return object_.get(); }

  protected:
    explicit handle(std::shared_ptr<T> shared) noexcept : object_(std::move(shared)) {}

    /// A part that lives as long as the whole, and keeps it.
    template <typename U>
    std::shared_ptr<const U> part(const U *lent) const noexcept
    {
        return std::shared_ptr<const U>(object_, lent);
    }

  private:
    std::shared_ptr<T> object_;
};

} // namespace detail

/// Why a call failed, or why a payment was not started or is unknown. It holds no secret and no receipt, so that it may
/// be logged and shown. Copying never throws.
class error : public std::exception {
  public:
    explicit error(std::shared_ptr<const secupos_error> object) noexcept : object_(std::move(object)) {}

    /// What went wrong, in English, for the programmer and the log. It names the argument at fault.
    const char *what() const noexcept override
    {
        const char *message = secupos_error_message(object_.get());
        return message != nullptr ? message : "secupos";
    }
    /// The same as what().
    std::string message() const { return what(); }
    /// The status that the call returned.
    secupos::status status() const noexcept { return secupos::status(secupos_error_status(object_.get())); }
    /// What happened and what to do now, for the person at the till.
    std::string cashier_text(language in) const
    {
        return detail::text(secupos_error_cashier_text(object_.get(), detail::number(in)));
    }
    /// The HTTP status of the server's answer. Nothing if there was no answer.
    std::optional<std::int32_t> http_status() const noexcept
    {
        const std::int32_t number = secupos_error_http_status(object_.get());
        return number != 0 ? std::optional<std::int32_t>(number) : std::nullopt;
    }
    /// The server's code, such as "2003" or "invalid_client". Nothing if the server sent none.
    std::optional<std::string> server_code() const
    {
        return detail::optional_text(secupos_error_server_code(object_.get()));
    }
    /// The server's text for the user, usually in German. Nothing if the server sent none.
    std::optional<std::string> server_text() const
    {
        return detail::optional_text(secupos_error_server_text(object_.get()));
    }
    /// The number that the vendor's help desk asks for. Nothing if the server sent none.
    std::optional<std::string> support_id() const
    {
        return detail::optional_text(secupos_error_support_id(object_.get()));
    }
    /// How long the server asks the till to wait, in milliseconds. Nothing if it does not ask.
    std::optional<std::int64_t> retry_after_ms() const noexcept
    {
        const std::int64_t ms = secupos_error_retry_after_ms(object_.get());
        return ms != 0 ? std::optional<std::int64_t>(ms) : std::nullopt;
    }

  private:
    std::shared_ptr<const secupos_error> object_;
};

namespace detail {

/// Calls a function of the library and throws its error.
template <typename Function, typename... Arguments>
void call(Function function, Arguments... arguments)
{
    secupos_error *failure = nullptr;
    if (function(arguments..., &failure) != SECUPOS_OK)
        throw error(std::shared_ptr<const secupos_error>(failure, freed{}));
}

/// The same for a function that gives something in its last argument before the error.
template <typename T, typename Function, typename... Arguments>
T made(Function function, Arguments... arguments)
{
    T out{};
    call(function, arguments..., &out);
    return out;
}

using log_receiver = std::function<void(log_level, std::string_view)>;

/// A line of the log on its way to whoever receives it. C calls it: nothing may be thrown.
inline void SECUPOS_CALL receive_line(secupos_log_level level, const char *line, void *receiver) noexcept
{
    try {
        (*static_cast<log_receiver *>(receiver))(static_cast<log_level>(level), line);
    } catch (...) {
    }
}

inline void SECUPOS_CALL free_receiver(void *receiver) noexcept { delete static_cast<log_receiver *>(receiver); }

} // namespace detail

/// The library's version, for example "0.1.0".
inline std::string version() { return secupos_version(); }

/// Whether this header describes the library that was loaded. If it does not, call nothing else.
inline bool abi_matches() noexcept { return secupos_abi_version() == SECUPOS_ABI_VERSION; }

/// The name of a status, for logs: "OK", "BUSY", …; "?" for a number that is no status.
inline std::string name(status of) { return secupos_status_name(detail::number(of)); }

/// Bytes: a rendered receipt, or JSON.
class bytes : public detail::handle<const secupos_bytes> {
  public:
    using handle::handle;

    /// The bytes, as long as this object lives. A NUL follows them.
    std::string_view view() const & noexcept { return {data(), size()}; }
    /// Not for an object that ends with the line: str() copies.
    std::string_view view() const && = delete;
    /// A copy of the bytes.
    std::string str() const { return std::string(data(), size()); }
    /// The number of bytes.
    std::size_t size() const noexcept { return secupos_bytes_len(get()); }

  private:
    const char *data() const noexcept
    {
        const char *start = secupos_bytes_data(get());
        return start != nullptr ? start : "";
    }
};

/// A till's settings. They may be used for several tills. They may be destroyed as soon as the till is open.
class config : public detail::handle<secupos_config> {
  public:
    config() : handle(detail::made<secupos_config *>(secupos_config_new)) {}

    /// Chooses one of the vendor's installations. A till needs this call or set_base_url. The later call counts.
    void set_environment(environment which)
    {
        detail::call(secupos_config_set_environment, get(), detail::number(which));
    }
    /// Sets the address of the API. It must be https. Plain http is accepted only for this machine.
    void set_base_url(std::string_view url) { detail::call(secupos_config_set_base_url, get(), detail::c_text(url)); }
    /// Sets the client id and secret that the vendor gave to the maker of the till. Every till needs them.
    void set_client_credentials(std::string_view id, std::string_view secret)
    {
        detail::call(secupos_config_set_client_credentials, get(), detail::c_text(id), detail::c_text(secret));
    }
    /// Sets the code of a device that was registered elsewhere. Without it the till logs in as the vendor's client.
    void set_device_code(std::string_view code)
    {
        detail::call(secupos_config_set_device_code, get(), detail::c_text(code));
    }
    /// Trusts the certificates in a PEM file in addition to the system's roots. The call reads the file.
    void add_ca_file(std::string_view ca_file)
    {
        detail::call(secupos_config_add_ca_file, get(), detail::c_text(ca_file));
    }
    /// Connects through an HTTP proxy. Without this call the till uses none. "environment" means the one that
    /// HTTPS_PROXY names.
    void set_proxy(std::string_view url)
    {
        detail::call(secupos_config_set_proxy, get(), detail::c_text(url), nullptr, nullptr);
    }
    /// The same for a proxy that wants a user and a password.
    void set_proxy(std::string_view url, std::string_view user, std::string_view password)
    {
        detail::call(secupos_config_set_proxy, get(), detail::c_text(url), detail::c_text(user),
                     detail::c_text(password));
    }
    /// Adds the till's own name, such as "Kasse/3.2", to the User-Agent that the library sends.
    void set_user_agent_suffix(std::string_view suffix)
    {
        detail::call(secupos_config_set_user_agent_suffix, get(), detail::c_text(suffix));
    }
    /// Names the state file. Every till needs one. Give state_flags::create once, when the till is set up.
    void set_state_file(std::string_view path, state_flags flags = state_flags::none)
    {
        detail::call(secupos_config_set_state_file, get(), detail::c_text(path), detail::number(flags));
    }
    /// Puts the head of the state file in another place, best on another disk. Set the same place each time. The head
    /// shows that a state file was lost or brought back from a backup.
    void set_head_file(std::string_view path)
    {
        detail::call(secupos_config_set_head_file, get(), detail::c_text(path));
    }
    /// Sets one timeout in milliseconds, from 100 to 3 600 000. payment is at most 600 000. resolve may be 0.
    void set_timeout_ms(timeout which, std::int64_t ms)
    {
        detail::call(secupos_config_set_timeout_ms, get(), detail::number(which), ms);
    }
    /// Sends the log of the tills that are opened with these settings from now on to a function. One of the library's
    /// threads calls it, and no payment waits for it. What it throws is dropped. It may be empty only with
    /// log_level::off.
    void set_log(log_level level, std::function<void(log_level, std::string_view)> receive)
    {
        const secupos_log_callback callback = receive ? detail::receive_line : nullptr;
        auto owned = std::make_unique<detail::log_receiver>(std::move(receive));
        // The library frees it, also if the call fails.
        detail::call(secupos_config_set_log, get(), detail::number(level), callback, owned.release(),
                     detail::free_receiver);
    }
};

/// Ends all logs of this process. When it returns, no function that receives a log is running or will be called again.
inline void end_logs() noexcept { secupos_end_logs(); }

/// A till's registration as a device of the service. Destroying this object stops nothing. Destroying the till ends the
/// registration.
class registration : public detail::handle<const secupos_registration> {
  public:
    /// Takes over an object of secupos.h.
    explicit registration(secupos_registration *owned) : handle(owned) {}

    /// The code that a person enters to confirm the till. Nothing until the service has sent it.
    std::optional<std::string> user_code() const
    {
        return detail::optional_text(secupos_registration_user_code(get()));
    }
    /// The address at which the code is entered. Nothing until the service has sent it.
    std::optional<std::string> verification_url() const
    {
        return detail::optional_text(secupos_registration_verification_url(get()));
    }
    /// The end of the time for that, in milliseconds since 1970 UTC. Nothing until the service has sent it.
    std::optional<std::int64_t> expires_at() const noexcept
    {
        const std::int64_t at = secupos_registration_expires_at(get());
        return at != 0 ? std::optional<std::int64_t>(at) : std::nullopt;
    }
    /// Waits until the registration has ended or timeout_ms has passed. 0 only asks, -1 waits without a limit. It gives
    /// registration_state::pending if the time is over. It throws secupos::error if the till cannot be registered.
    registration_state wait(std::int64_t timeout_ms = -1) const
    {
        return detail::read<registration_state>(
            detail::made<secupos_registration_state>(secupos_registration_wait, get(), timeout_ms));
    }
};

/// What the customer is to pay. It may be destroyed as soon as the payment has been started.
class sale : public detail::handle<secupos_sale> {
  public:
    /// reference: the till's own number for the sale, for ever, 1 to 64 bytes of composed text. A till that restarts
    /// its numbers daily must put the day in. amount: in minor units (cents). currency: ISO 4217, such as "EUR".
    sale(std::string_view reference, std::int64_t amount, std::string_view currency)
        : handle(detail::made<secupos_sale *>(secupos_sale_new, detail::c_text(reference), amount,
                                              detail::c_text(currency)))
    {
    }

    /// Says which attempt this is: the next number after an attempt that was declined or not started.
    void set_attempt(std::int32_t attempt) { detail::call(secupos_sale_set_attempt, get(), attempt); }
    /// Adds an article. unit_price is gross, in minor units. The items of a sale must add up to its amount.
    void add_item(std::string_view description, std::int32_t quantity, std::int64_t unit_price,
                  std::int32_t tax_percent, std::optional<std::string_view> article_number = std::nullopt,
                  std::optional<std::string_view> ean = std::nullopt)
    {
        detail::call(secupos_sale_add_item, get(), detail::c_text(description), quantity, unit_price, tax_percent,
                     detail::optional_c_text(article_number), detail::optional_c_text(ean));
    }
    /// Adds a coupon that the customer hands in. It lowers the sum of the items.
    void add_coupon(std::string_view description, std::int32_t quantity, std::int64_t unit_price,
                    std::int32_t tax_percent, std::optional<std::string_view> article_number = std::nullopt,
                    std::optional<std::string_view> ean = std::nullopt)
    {
        detail::call(secupos_sale_add_coupon, get(), detail::c_text(description), quantity, unit_price, tax_percent,
                     detail::optional_c_text(article_number), detail::optional_c_text(ean));
    }
    /// Puts the item that was added last into a group of articles. level is 1 for a group of its own.
    void add_item_group(std::string_view group_id, std::string_view group_description, std::int32_t level = 1)
    {
        detail::call(secupos_sale_add_item_group, get(), detail::c_text(group_id), detail::c_text(group_description),
                     level);
    }
    /// Says how much of the amount is a tip. The amount includes it. If the sale has items, one of them must be the
    /// tip.
    void set_gratuity(std::int64_t gratuity) { detail::call(secupos_sale_set_gratuity, get(), gratuity); }
    /// Sets the purpose line of the customer's bank statement.
    void set_transaction_ref(std::string_view transaction_ref)
    {
        detail::call(secupos_sale_set_transaction_ref, get(), detail::c_text(transaction_ref));
    }
    /// Says that an operator has looked: this sale is another one than the sale of the same amount that is in doubt.
    void confirm_not_duplicate(std::string_view operator_name)
    {
        detail::call(secupos_sale_confirm_not_duplicate, get(), detail::c_text(operator_name));
    }
};

/// How a receipt is rendered. The default is UTF-8 text with 42 columns.
class render_options : public detail::handle<secupos_render_options> {
  public:
    render_options() : handle(detail::made<secupos_render_options *>(secupos_render_options_new)) {}

    /// Sets the width of the paper in characters, 16 to 96: 32 for 58 mm, 42 or 48 for 80 mm.
    void set_columns(std::int32_t columns) { detail::call(secupos_render_options_set_columns, get(), columns); }
    /// Sets the format.
    void set_format(format what) { detail::call(secupos_render_options_set_format, get(), detail::number(what)); }
    /// Sets the characters of text and ESC/POS. slot is the number that the printer's maker gave to the page. Leave it
    /// out for the usual one.
    void set_code_page(code_page page, std::optional<std::int32_t> slot = std::nullopt)
    {
        detail::call(secupos_render_options_set_code_page, get(), detail::number(page), slot.value_or(-1));
    }
    /// Sets how an ESC/POS job ends.
    void set_cut(cut how) { detail::call(secupos_render_options_set_cut, get(), detail::number(how)); }
    /// Sets the number of empty lines at the end of an ESC/POS job, 0 to 255.
    void set_feed(std::int32_t lines) { detail::call(secupos_render_options_set_feed, get(), lines); }
    /// Marks the receipt as a reprint. A reprint asks for no signature. Do not mark the repetition of a first print
    /// that failed.
    void set_duplicate(bool duplicate)
    {
        detail::call(secupos_render_options_set_duplicate, get(), std::int32_t(duplicate));
    }
    /// Sets the language of the library's own words on the receipt.
    void set_language(language in) { detail::call(secupos_render_options_set_language, get(), detail::number(in)); }
    /// Sets bytes that are sent as they are before an ESC/POS job. An empty text removes them.
    void set_prefix(std::string_view raw)
    {
        detail::call(secupos_render_options_set_prefix, get(), detail::start(raw), raw.size());
    }
    /// Sets bytes that are sent as they are after an ESC/POS job. An empty text removes them.
    void set_suffix(std::string_view raw)
    {
        detail::call(secupos_render_options_set_suffix, get(), detail::start(raw), raw.size());
    }
};

/// One line of a receipt.
struct receipt_line {
    line_type type;                   ///< The kind of the line.
    std::optional<std::string> text;  ///< The text of a text line, or the caption of a separator.
    std::optional<std::string> name;  ///< The name in a line with a name and a value.
    std::optional<std::string> value; ///< The value in a line with a name and a value.
    bool important;                   ///< Whether it is printed bold. With a name and a value, only the value is bold.
    alignment aligned;                ///< The place of the text or the value.
};

/// One copy of a receipt. It never changes.
class receipt : public detail::handle<const secupos_receipt> {
  public:
    using handle::handle;

    /// Reads a receipt from JSON: a bare array of lines, a whole Smart Transaction, or what to_json gave. copy says
    /// which copy to take from a transaction.
    static receipt parse(std::string_view json, copy which)
    {
        return receipt(detail::made<secupos_receipt *>(secupos_receipt_parse, detail::start(json), json.size(),
                                                       detail::number(which)));
    }

    /// The lines, in the order of the paper. There are none if the service sent no receipt.
    std::vector<receipt_line> lines() const
    {
        std::vector<receipt_line> all;
        for (std::size_t i = 0; i < secupos_receipt_line_count(get()); i++)
            all.push_back({detail::read<line_type>(secupos_receipt_line_type(get(), i)),
                           detail::optional_text(secupos_receipt_line_text(get(), i)),
                           detail::optional_text(secupos_receipt_line_name(get(), i)),
                           detail::optional_text(secupos_receipt_line_value(get(), i)),
                           secupos_receipt_line_is_important(get(), i) != 0,
                           detail::read<alignment>(secupos_receipt_line_alignment(get(), i))});
        return all;
    }
    /// One fact from the receipt, as it is printed: "terminal_id", … (secupos_receipt_field lists them).
    std::optional<std::string> field(std::string_view name) const
    {
        return detail::optional_text(secupos_receipt_field(get(), detail::c_text(name)));
    }
    /// Whether the customer must sign. The library reads this from the merchant's copy.
    secupos::signature signature() const noexcept
    {
        return detail::read<secupos::signature>(secupos_receipt_signature(get()));
    }
    /// The receipt as text with 42 columns. It is empty if the receipt has no lines.
    bytes render() const { return rendered(nullptr); }
    /// The receipt in the form that the options say.
    bytes render(const render_options &options) const { return rendered(options.get()); }
    /// The number of characters that the options' code page does not have. Others are printed in their place.
    std::int32_t replaced(const render_options &options) const
    {
        return detail::made<std::int32_t>(
            secupos_receipt_replaced, get(), static_cast<const secupos_render_options *>(options.get()));
    }
    /// The receipt as one JSON object; secupos_receipt_to_json lists its members.
    bytes to_json() const { return bytes(detail::made<secupos_bytes *>(secupos_receipt_to_json, get())); }

  private:
    bytes rendered(const secupos_render_options *options) const
    {
        return bytes(detail::made<secupos_bytes *>(secupos_receipt_render, get(), options));
    }
};

/// A payment. It changes once, from pending to its result. Until then the getters of the result give nothing.
class payment : public detail::handle<const secupos_payment> {
  public:
    /// Takes over an object of secupos.h.
    explicit payment(secupos_payment *owned) : handle(owned) {}

    /// Waits until the payment has an outcome or timeout_ms has passed. 0 only asks, -1 waits without a limit. It gives
    /// outcome::pending if the time is over. Leaving the wait stops nothing.
    secupos::outcome wait(std::int64_t timeout_ms = -1) const
    {
        return detail::read<secupos::outcome>(detail::made<secupos_outcome>(secupos_payment_wait, get(), timeout_ms));
    }
    /// Asks the till to stop the payment. The outcome still comes: go on waiting for it.
    abort_result abort() const
    {
        return detail::read<abort_result>(detail::made<secupos_abort_result>(secupos_payment_abort, get()));
    }
    /// What became of the payment.
    secupos::outcome outcome() const noexcept { return detail::read<secupos::outcome>(secupos_payment_outcome(get())); }
    /// Why the payment has its outcome.
    secupos::reason reason() const noexcept { return detail::read<secupos::reason>(secupos_payment_reason(get())); }
    /// What became of the payment's reversal. It is reversal::pending while it is running.
    secupos::reversal reversal() const noexcept
    {
        return detail::read<secupos::reversal>(secupos_payment_reversal(get()));
    }
    /// Who says what became of the payment.
    secupos::basis basis() const noexcept { return detail::read<secupos::basis>(secupos_payment_basis(get())); }
    /// Whether this is the result of an earlier payment, given again. Nothing was charged for giving it again.
    bool replayed() const noexcept { return secupos_payment_replayed(get()) != 0; }
    /// Whether the service has contradicted an earlier result. Until that is acknowledged the first next action says
    /// what to do.
    bool conflict() const noexcept { return secupos_payment_conflict(get()) != 0; }
    /// What to do next, in this order. A till that does these actions and nothing else does the right thing.
    std::vector<action> next_actions() const
    {
        std::vector<action> all;
        for (std::size_t i = 0; i < secupos_payment_next_action_count(get()); i++)
            all.push_back(detail::read<action>(secupos_payment_next_action(get(), i)));
        return all;
    }
    /// The till's own number for the sale.
    std::string reference() const { return detail::text(secupos_payment_reference(get())); }
    /// Which attempt to pay the sale this is, from 1.
    std::int32_t attempt() const noexcept { return secupos_payment_attempt(get()); }
    /// The server's id for the payment (STX_…).
    std::optional<std::string> transaction_id() const
    {
        return detail::optional_text(secupos_payment_transaction_id(get()));
    }
    /// The server's own word for the state of the payment. It is for logs: only the outcome counts.
    std::optional<std::string> status_text() const { return detail::optional_text(secupos_payment_status_text(get())); }
    /// The amount that the till asked for, in minor units.
    std::int64_t amount() const noexcept { return secupos_payment_amount(get()); }
    /// The amount that was charged, in minor units. It may differ from amount(): it may include a tip, or be a part. It
    /// is 0 unless the payment is approved, and if nobody can read it.
    std::int64_t amount_charged() const noexcept { return secupos_payment_amount_charged(get()); }
    /// The rest of the amount, in minor units, if only a part was charged (action::collect_rest). Otherwise it is 0.
    std::int64_t amount_due() const noexcept { return secupos_payment_amount_due(get()); }
    /// The currency of the amounts (ISO 4217).
    std::string currency() const { return detail::text(secupos_payment_currency(get())); }
    /// The terminal's receipt number, which a reversal needs.
    std::optional<std::int64_t> receipt_number() const noexcept
    {
        return present(secupos_payment_receipt_number(get()));
    }
    /// When the payment was begun, in milliseconds since 1970 UTC.
    std::int64_t created_at() const noexcept { return secupos_payment_created_at(get()); }
    /// When the payment got its outcome, in milliseconds since 1970 UTC. Nothing while it is running.
    std::optional<std::int64_t> settled_at() const noexcept { return present(secupos_payment_settled_at(get())); }
    /// Whether the customer must sign the merchant's copy.
    secupos::signature signature() const noexcept
    {
        return detail::read<secupos::signature>(secupos_payment_signature(get()));
    }
    /// Whether the server asks for the merchant's copy to be printed now.
    bool merchant_receipt_due() const noexcept { return secupos_payment_merchant_receipt_due(get()) != 0; }
    /// Whether till::prune_archive has removed the receipts. Then they are empty, although there were some.
    bool receipts_pruned() const noexcept { return secupos_payment_receipts_pruned(get()) != 0; }
    /// What the cashier reads: what happened, whether money moved, what to do now.
    std::string cashier_text(language in) const
    {
        return detail::text(secupos_payment_cashier_text(get(), detail::number(in)));
    }
    /// What went wrong: why the payment was not started or is unknown. It keeps the payment alive.
    std::optional<secupos::error> error() const
    {
        const secupos_error *lent = secupos_payment_error(get());
        return lent != nullptr ? std::optional<secupos::error>(part(lent)) : std::nullopt;
    }
    /// One copy of the receipt. It has no lines if the server sent none.
    secupos::receipt receipt(copy which) const
    {
        return secupos::receipt(
            detail::made<secupos_receipt *>(secupos_payment_receipt, get(), detail::number(which)));
    }
    /// One copy of the receipt as text with 42 columns. It is empty if the server sent none.
    bytes render_receipt(copy which) const { return rendered(which, nullptr); }
    /// One copy of the receipt in the form that the options say.
    bytes render_receipt(copy which, const render_options &options) const { return rendered(which, options.get()); }
    /// The payment as one JSON object with its receipts. secupos_payment_to_json lists its members. Do not log it.
    bytes to_json() const { return bytes(detail::made<secupos_bytes *>(secupos_payment_to_json, get())); }

  private:
    friend class till;
    /// A payment of a list. It keeps the list alive.
    explicit payment(std::shared_ptr<const secupos_payment> listed) noexcept : handle(std::move(listed)) {}

    static std::optional<std::int64_t> present(std::int64_t number) noexcept
    {
        return number != 0 ? std::optional<std::int64_t>(number) : std::nullopt;
    }
    bytes rendered(copy which, const secupos_render_options *options) const
    {
        return bytes(
            detail::made<secupos_bytes *>(secupos_payment_render_receipt, get(), detail::number(which), options));
    }
};

/// A report of the terminal: an end of day or a diagnosis. It changes once, from pending to its result.
class report : public detail::handle<const secupos_report> {
  public:
    /// Takes over an object of secupos.h.
    explicit report(secupos_report *owned) : handle(owned) {}

    /// Waits until the report has an outcome or timeout_ms has passed. 0 only asks, -1 waits without a limit. It gives
    /// report_outcome::pending if the time is over. Leaving the wait stops nothing.
    report_outcome wait(std::int64_t timeout_ms = -1) const
    {
        return detail::read<report_outcome>(
            detail::made<secupos_report_outcome>(secupos_report_wait, get(), timeout_ms));
    }
    /// What the terminal has printed, as text with 42 columns. It is empty if the server sent nothing.
    bytes render() const { return rendered(nullptr); }
    /// The same in the form that the options say.
    bytes render(const render_options &options) const { return rendered(options.get()); }
    /// The report as one JSON object; secupos_report_to_json lists its members.
    bytes to_json() const { return bytes(detail::made<secupos_bytes *>(secupos_report_to_json, get())); }
    /// What went wrong. Nothing if nothing did. It keeps the report alive.
    std::optional<secupos::error> error() const
    {
        const secupos_error *lent = secupos_report_error(get());
        return lent != nullptr ? std::optional<secupos::error>(part(lent)) : std::nullopt;
    }

  private:
    bytes rendered(const secupos_render_options *options) const
    {
        return bytes(detail::made<secupos_bytes *>(secupos_report_render, get(), options));
    }
};

/// A till: one state file, one terminal, one payment at a time. Open it once and keep it for as long as the program
/// runs.
class till : public detail::handle<const secupos_till> {
  public:
    /// Opens a till and its state file. It does not wait for the network. Call recover_all() next.
    explicit till(const config &settings)
        : handle(detail::made<secupos_till *>(secupos_till_open, static_cast<const secupos_config *>(settings.get())))
    {
    }

    /// Takes a card payment and blocks until it has an outcome, which may take minutes. If it throws secupos::error, it
    /// has sent nothing. It is always safe to call it again: it is idempotent in the sale's reference and attempt.
    payment pay(const sale &what) const
    {
        return made_payment(secupos_till_pay, static_cast<const secupos_sale *>(what.get()));
    }
    /// Begins a card payment and returns at once. payment::wait gives its outcome.
    payment start_payment(const sale &what) const
    {
        return made_payment(secupos_till_start_payment, static_cast<const secupos_sale *>(what.get()));
    }
    /// Registers the till as a device of the service, once, when the till is set up. It returns at once. Show
    /// registration::user_code to the person who confirms the till, and wait. device_uuid is the name agreed on with
    /// the vendor, such as "/vendor/unknown/cashier/1".
    registration register_device(std::string_view device_uuid) const
    {
        return registration(
            detail::made<secupos_registration *>(secupos_till_register, get(), detail::c_text(device_uuid)));
    }
    /// Whether the till is a device of the service, or how its registration stands.
    secupos::registration_state registration_state() const
    {
        return detail::read<secupos::registration_state>(
            detail::made<secupos_registration_state>(secupos_till_registration_state, get()));
    }
    /// Finds out what became of everything that is unfinished. It blocks until that is done or the time is over. It
    /// never starts anything. It gives one payment for each attempt, the oldest first: do what its actions say, then
    /// acknowledge it. Call it at each start of the till and for action::check_unfinished. Payments are BUSY while it
    /// runs.
    std::vector<payment> recover_all(std::chrono::milliseconds timeout) const
    {
        return listed(secupos_till_recover_all, static_cast<std::int64_t>(timeout.count()));
    }
    /// What the till must still deal with: payments in doubt, not acknowledged or contradicted. The list is for a
    /// screen: only recover_all asks for money.
    std::vector<payment> unfinished() const { return listed(secupos_till_unfinished); }

    // Calls about an earlier payment take an attempt. With 0 the library chooses: the attempt that needs something, or
    // else the one that took money, or else the last one. If two attempts need something, the call throws
    // INVALID_STATE.

    /// Finds out what became of an earlier payment and returns at once. It never starts anything. It asks again for
    /// receipts that were missing.
    payment recover(std::string_view reference, std::int32_t attempt = 0) const
    {
        return made_payment(secupos_till_recover, detail::c_text(reference), attempt);
    }
    /// Begins to reverse an approved payment at the terminal and returns at once. Wait for it, then look at
    /// payment::reversal.
    payment reverse(std::string_view reference, std::int32_t attempt = 0) const
    {
        return made_payment(secupos_till_reverse, detail::c_text(reference), attempt);
    }
    /// The same for a payment that is older than 24 hours or was to be refunded. An operator confirms it.
    payment reverse_confirmed(std::string_view reference, std::string_view operator_name,
                              std::int32_t attempt = 0) const
    {
        return made_payment(secupos_till_reverse_confirmed, detail::c_text(reference), attempt,
                            detail::c_text(operator_name));
    }
    /// Says that the till has taken over the result of this payment object, and nothing newer: it has booked the
    /// payment and printed its receipts. It may be repeated.
    void acknowledge(const payment &told) const { detail::call(secupos_payment_acknowledge, told.get(), get()); }
    /// The same for the result of an attempt that this process was given last.
    void acknowledge(std::string_view reference, std::int32_t attempt = 0) const
    {
        detail::call(secupos_till_acknowledge, get(), detail::c_text(reference), attempt);
    }
    /// Stores what a person says became of a payment that is unknown. slip_number is the number on the slip, if there
    /// is one.
    payment decide(std::string_view reference, decision said, std::string_view operator_name, std::string_view why,
                   std::optional<std::int64_t> slip_number = std::nullopt, std::int32_t attempt = 0) const
    {
        return made_payment(secupos_till_decide, detail::c_text(reference), attempt, detail::number(said),
                            detail::c_text(operator_name), detail::c_text(why), slip_number.value_or(0));
    }
    /// Stores what a person says became of a reversal that is unknown.
    payment decide_reversal(std::string_view reference, reversal_decision said, std::string_view operator_name,
                            std::string_view why, std::int32_t attempt = 0) const
    {
        return made_payment(secupos_till_decide_reversal, detail::c_text(reference), attempt, detail::number(said),
                            detail::c_text(operator_name), detail::c_text(why));
    }
    /// Begins the end of the terminal's day and returns at once. The report is not run while something in doubt may
    /// still reach the terminal, except with report_flags::force.
    report run_end_of_day(report_flags flags = report_flags::none) const
    {
        return report(detail::made<secupos_report *>(secupos_till_run_end_of_day, get(), detail::number(flags)));
    }
    /// Begins a diagnosis of the terminal and returns at once. A till must offer this to the cashier. The rest is as
    /// for run_end_of_day.
    report run_diagnosis(report_flags flags = report_flags::none) const
    {
        return report(detail::made<secupos_report *>(secupos_till_run_diagnosis, get(), detail::number(flags)));
    }
    /// The till's state as one JSON object. secupos_till_to_json lists its members.
    bytes to_json() const { return bytes(detail::made<secupos_bytes *>(secupos_till_to_json, get())); }
    /// The payments that were begun from from_ms on and before to_ms (milliseconds since 1970 UTC), with any outcome.
    /// receipt_number selects those to which the terminal gave this number.
    std::vector<payment> find_payments(std::int64_t from_ms, std::int64_t to_ms,
                                       std::optional<std::int64_t> receipt_number = std::nullopt) const
    {
        return listed(secupos_till_find_payments, from_ms, to_ms, receipt_number.value_or(0));
    }
    /// Accepts that the state file was damaged, lost or brought back from an older day. Only a person who has compared
    /// the last slips with the till's books may cause this call; a program never makes it by itself.
    void accept_journal_loss(std::string_view operator_name) const
    {
        detail::call(secupos_till_accept_journal_loss, get(), detail::c_text(operator_name));
    }
    /// Binds the state file to the host, device and client of these settings, because a person says that it is the same
    /// till under another name. The till must not be open.
    static void rebind(const config &settings, std::string_view operator_name, std::string_view why)
    {
        detail::call(secupos_till_rebind, static_cast<const secupos_config *>(settings.get()),
                     detail::c_text(operator_name), detail::c_text(why));
    }

    /// Checks the whole state file. It gives a JSON array of everything that is not as it was written, empty if the
    /// file is whole.
    bytes verify_archive() const { return bytes(detail::made<secupos_bytes *>(secupos_till_verify_archive, get())); }
    /// Exports a day ("2026-11-23") into a folder. It gives a JSON object that names the files.
    bytes export_day(std::string_view date, std::string_view folder) const
    {
        return bytes(detail::made<secupos_bytes *>(secupos_till_export_day, get(), detail::c_text(date),
                                                   detail::c_text(folder)));
    }
    /// Removes the receipts of payments that were begun more than so many days ago, by default ten years. This cannot
    /// be undone: export first. It gives a JSON object that says what was removed.
    bytes prune_archive(std::optional<std::int32_t> retention_days, std::string_view operator_name) const
    {
        return bytes(detail::made<secupos_bytes *>(secupos_till_prune_archive, get(), retention_days.value_or(0),
                                                   detail::c_text(operator_name)));
    }

  private:
    template <typename Function, typename... Arguments>
    payment made_payment(Function function, Arguments... arguments) const
    {
        return payment(detail::made<secupos_payment *>(function, get(), arguments...));
    }
    /// The payments of a list. Each of them keeps the list alive.
    template <typename Function, typename... Arguments>
    std::vector<payment> listed(Function function, Arguments... arguments) const
    {
        const std::shared_ptr<const secupos_payment_list> list(
            detail::made<secupos_payment_list *>(function, get(), arguments...), detail::freed{});
        std::vector<payment> all;
        for (std::size_t i = 0; i < secupos_payment_list_count(list.get()); i++)
            all.push_back(payment(std::shared_ptr<const secupos_payment>(
                list, secupos_payment_list_payment(list.get(), i))));
        return all;
    }
};

} // namespace secupos

#endif /* SECUPOS_HPP */
