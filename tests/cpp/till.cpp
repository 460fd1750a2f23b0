/* A till in C++: what secupos.hpp adds to secupos.h. Objects free themselves in any order, a moved-from one is
 * harmless, errors are exceptions that outlive everything, texts need no NUL.
 *
 *     till BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "../c/control.h"
#include <secupos.hpp>

#include <atomic>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <type_traits>
#include <unistd.h>

using secupos::action;
using secupos::status;

secupos::outcome what_became_of(const secupos::payment &payment); // windows.cpp

namespace {

template <typename T>
constexpr bool moves_only = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>
                            && std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>
                            && std::is_nothrow_destructible_v<T>;
static_assert(moves_only<secupos::config> && moves_only<secupos::till> && moves_only<secupos::sale>
              && moves_only<secupos::payment> && moves_only<secupos::receipt> && moves_only<secupos::bytes>
              && moves_only<secupos::render_options>);
static_assert(std::is_nothrow_copy_constructible_v<secupos::error>, "what is thrown is copied");

// Numbers of a newer library.
static_assert(secupos::detail::read<secupos::outcome>(99) == secupos::outcome::unknown);
static_assert(secupos::detail::read<secupos::outcome>(-1) == secupos::outcome::unknown);
static_assert(secupos::detail::read<secupos::reason>(5) == secupos::reason::none);
static_assert(secupos::detail::read<secupos::reason>(29) == secupos::reason::internal);
static_assert(secupos::detail::read<secupos::reason>(31) == secupos::reason::amount_differs);
static_assert(secupos::detail::read<action>(12) == action::check_unfinished);
static_assert(secupos::detail::read<action>(99) == action::none);
static_assert(secupos::detail::read<secupos::signature>(3) == secupos::signature::unknown);

// Of a till that is no device yet.
secupos::config without_device(char **argv, const char *name)
{
    secupos::config config;
    config.set_base_url(argv[1]);
    config.set_client_credentials(argv[2], argv[3]);
    config.set_state_file(state_file(name), secupos::state_flags::create);
    config.set_timeout_ms(secupos::timeout::resolve, 1000);
    return config;
}

secupos::config settings(char **argv, const char *name)
{
    secupos::config config = without_device(argv, name);
    config.set_device_code(argv[4]);
    return config;
}

// What a call has failed with; ok if it has not.
status failure(const std::function<void()> &call)
{
    try {
        call();
    } catch (const secupos::error &error) {
        return error.status();
    }
    return status::ok;
}

void a_payment_tells_all_that_c_does(const secupos::till &till)
{
    secupos::sale sale("elv", 1, "EUR");
    sale.add_item("roll", 2, 1, 7);
    sale.add_item_group("1", "bakery");
    sale.add_coupon("a roll for nothing", 1, 1, 7);
    sale.set_gratuity(0);
    sale.set_transaction_ref("thanks");
    const secupos::payment payment = till.pay(sale);
    CHECK(what_became_of(payment) == secupos::outcome::approved);
    CHECK(payment.reason() == secupos::reason::none && payment.decided_by() == secupos::decided_by::server);
    CHECK(!payment.replayed() && !payment.conflict() && !payment.error());
    CHECK(payment.reference() == "elv" && payment.attempt() == 1 && payment.currency() == "EUR");
    CHECK(payment.transaction_id()->compare(0, 4, "STX_") == 0 && payment.status_text() == "ok");
    CHECK(payment.amount() == 1 && payment.amount_charged() == 1 && payment.amount_due() == 0);
    CHECK(payment.receipt_number() == 3);
    CHECK(*payment.completed_at() >= payment.created_at() && payment.created_at() > 1700000000000);
    CHECK(payment.signature() == secupos::signature::required && payment.merchant_receipt_due());
    const std::vector<action> expected{action::print_merchant, action::take_signature, action::print_customer};
    CHECK(payment.next_actions() == expected);
    CHECK(payment.cashier_text(secupos::language::german) != payment.cashier_text(secupos::language::english));
    CHECK(payment.wait() == secupos::outcome::approved && payment.abort() == secupos::abort_result::too_late);
    CHECK(payment.to_json().str().find("\"outcome\":\"approved\"") != std::string::npos);

    const secupos::receipt receipt = payment.receipt(secupos::copy::merchant);
    CHECK(receipt.signature() == secupos::signature::required && receipt.field("receipt_no") == "0003");
    CHECK(!receipt.field("no such field"));
    CHECK(receipt.render().str() == payment.render_receipt(secupos::copy::merchant).str());
    CHECK(receipt.to_json().str().find("\"copy\"") != std::string::npos);
    secupos::render_options narrow;
    narrow.set_columns(32);
    CHECK(receipt.render(narrow).str() == payment.render_receipt(secupos::copy::merchant, narrow).str());
    CHECK(receipt.render(narrow).str() != receipt.render().str());
}

void receipts_come_in_each_format(const secupos::till &till)
{
    const secupos::receipt receipt = till.recover("elv").receipt(secupos::copy::customer);
    secupos::render_options options;
    options.set_format(secupos::format::escpos);
    options.set_code_page(secupos::code_page::cp858, 19);
    options.set_cut(secupos::cut::partial);
    options.set_feed(2);
    options.set_duplicate(true);
    options.set_language(secupos::language::english);
    options.set_prefix(std::string_view("\x1b\0<", 3));
    options.set_suffix(">");
    const std::string job = receipt.render(options).str();
    CHECK(job.compare(0, 3, std::string("\x1b\0<", 3)) == 0 && job.back() == '>');
    options.set_prefix({});
    CHECK(receipt.render(options).size() == job.size() - 3 && receipt.replaced(options) == 0);
    options.set_format(secupos::format::pdf);
    CHECK(receipt.render(options).str().compare(0, 5, "%PDF-") == 0);
    options.set_format(secupos::format::html);
    CHECK(receipt.render(options).str().find("<section") != std::string::npos);
    CHECK(failure([&] { options.set_code_page(secupos::code_page::cp437, 256); }) == status::invalid_argument);
}

void a_payment_is_reversed_and_the_day_is_closed(const secupos::till &till)
{
    CHECK(till.registration_state() == secupos::registration_state::registered);
    CHECK(failure([&] { till.register_device("/vendor/unknown/cashier/1"); }) == status::invalid_state);
    const secupos::sale sale("reversed", 102, "EUR");
    CHECK(till.pay(sale).reversal() == secupos::reversal::none);
    CHECK(till.to_json().str().find("\"payments\":") != std::string::npos);
    CHECK(till.end_of_day_due() > 0 && till.end_of_day_due_since().value_or(0) > 1700000000000);
    const secupos::payment reversed = till.reverse("reversed");
    CHECK(reversed.wait() == secupos::outcome::reversed);
    CHECK(reversed.reversal() == secupos::reversal::done);
    CHECK(failure([&] { till.reverse_confirmed("no such sale", "Anna"); }) == status::not_found);
    CHECK(till.run_diagnosis().wait() == secupos::report_outcome::done);
    CHECK(till.run_diagnosis(secupos::report_flags::force).wait() == secupos::report_outcome::done);
    const secupos::report closed = till.run_end_of_day(secupos::report_flags::force);
    CHECK(closed.wait() == secupos::report_outcome::done && !closed.error());
    CHECK(closed.outcome() == secupos::report_outcome::done && closed.phase() == secupos::phase::none);
    CHECK(closed.cashier_text(secupos::language::english) == "Done." && closed.created_at() > 1700000000000);
    CHECK(till.end_of_day_due() == 0 && !till.end_of_day_due_since());
    CHECK(closed.render().str().find("Kassenschnitt") != std::string::npos);
    CHECK(closed.to_json().str().find("end_of_day") != std::string::npos);
}

void the_archive_is_verified_exported_and_pruned(const secupos::till &till)
{
    CHECK(till.verify_archive().str() == "[]");
    CHECK(till.export_day("2026-01-01", folder).str().find("\"payments\":0") != std::string::npos);
    CHECK(failure([&] { till.export_day("today", folder); }) == status::invalid_argument);
    CHECK(till.prune_archive(std::nullopt, "Anna").str().find("\"responses\":0") != std::string::npos);
    CHECK(!till.recover("elv").receipts_pruned());
}

void a_declined_payment_is_tried_again(const secupos::till &till)
{
    secupos::sale sale("declined", 105, "EUR");
    const secupos::payment declined = till.pay(sale);
    CHECK(declined.outcome() == secupos::outcome::failed && declined.next_actions().back() == action::try_again);
    CHECK(!declined.receipt_number() && declined.receipt(secupos::copy::merchant).field("approval") == std::nullopt);
    CHECK(till.pay(sale).replayed());
    sale.set_attempt(2);
    const secupos::payment again = till.start_payment(sale);
    CHECK(again.wait(0) == secupos::outcome::pending || again.wait() == secupos::outcome::failed);
    CHECK(again.wait() == secupos::outcome::failed && again.attempt() == 2);
}

void a_person_decides_what_is_in_doubt(char **argv)
{
    const secupos::till till(settings(argv, "doubt"));
    control(argv[1], "next", "{\"think_ms\": 3000}");
    control(argv[1], "fault", "{\"endpoint\": \"start\", \"when\": \"during\", \"what\": \"reset\"}");
    const int charged = count(argv[1], "ledger", "\"change\"");
    const secupos::payment doubtful = till.pay(secupos::sale("doubt", 77, "EUR"));
    CHECK(doubtful.outcome() == secupos::outcome::unknown && doubtful.error()->status() == status::unreachable);
    CHECK(failure([&] { till.acknowledge(doubtful); }) == status::invalid_state);
    CHECK(failure([&] { till.decide("doubt", secupos::decision::paid, "Anna", "slip", std::nullopt, 2); })
          == status::not_found);
    const secupos::payment decided = till.decide("doubt", secupos::decision::paid, "Anna", "slip in hand", 12, 1);
    CHECK(decided.outcome() == secupos::outcome::approved && decided.decided_by() == secupos::decided_by::operator_decision);
    CHECK(doubtful.outcome() == secupos::outcome::unknown);
    CHECK(count(argv[1], "ledger", "\"change\"") <= charged + 1);
    till.acknowledge(decided);
    CHECK(till.unfinished().empty());
}

void a_reversal_in_doubt_is_decided_too(char **argv)
{
    const secupos::till till(settings(argv, "reversal"));
    CHECK(till.pay(secupos::sale("reversal", 102, "EUR")).outcome() == secupos::outcome::approved);
    control(argv[1], "settings", "{\"reversal_lag_ms\": null}");
    control(argv[1], "fault", "{\"endpoint\": \"cancel\", \"when\": \"after\", \"what\": \"reset\"}");
    const secupos::payment doubtful = till.reverse("reversal", 1);
    CHECK(doubtful.wait() == secupos::outcome::approved && doubtful.reversal() == secupos::reversal::unknown);
    const secupos::payment decided =
        till.decide_reversal("reversal", secupos::reversal_decision::reversed, "Anna", "slip in hand");
    CHECK(decided.outcome() == secupos::outcome::reversed && decided.decided_by() == secupos::decided_by::operator_decision);
    till.acknowledge(decided);
    CHECK(till.unfinished().empty());
    control(argv[1], "settings", "{\"reversal_lag_ms\": 0}");
}

void what_was_left_is_recovered_and_acknowledged(char **argv)
{
    {
        const secupos::till till(settings(argv, "left"));
        control(argv[1], "next", "{\"charged\": 200}");
        const secupos::payment part = till.pay(secupos::sale("left", 302, "EUR"));
        CHECK(part.reason() == secupos::reason::amount_differs && part.amount_due() == 102);
        CHECK(part.next_actions().back() == action::collect_rest);
    }
    const secupos::till till(settings(argv, "left"));
    const std::vector<secupos::payment> left = till.recover_all(std::chrono::seconds(20));
    CHECK(left.size() == 1 && left[0].replayed() && left[0].amount_due() == 102);
    CHECK(left[0].next_actions().back() == action::ask_cashier); // it was told before
    till.acknowledge(left[0]);
    CHECK(till.unfinished().empty());
}

void a_till_moves_where_a_person_says_so(char **argv)
{
    secupos::config config = settings(argv, "moved");
    config.set_head_file(state_file("head of what moved"));
    config.set_state_group(std::to_string(getgid()));
    std::optional<secupos::till> till(config);
    config.set_base_url("http://localhost" + std::string(std::strrchr(argv[1], ':')));
    CHECK(failure([&] { secupos::till::rebind(config, "Anna", "renamed"); }) == status::state_file_locked);
    till.reset();
    CHECK(failure([&] { secupos::till elsewhere(config); }) == status::state_file_mismatch);
    secupos::till::rebind(config, "Anna", "renamed");
    till.emplace(config);
    CHECK(till->pay(secupos::sale("moved", 102, "EUR")).outcome() == secupos::outcome::approved);
}

void lists_lend_payments_that_outlive_them(const secupos::till &till)
{
    std::vector<secupos::payment> open = till.unfinished();
    CHECK(open.size() == 1 && open[0].reference() == "elv");
    const secupos::payment kept = std::move(open[0]);
    open.clear();
    CHECK(kept.reference() == "elv" && kept.outcome() == secupos::outcome::approved);
    CHECK(till.recover("elv").wait() == secupos::outcome::approved);
    CHECK(till.recover("elv", 1).attempt() == 1);
    CHECK(failure([&] { till.recover("elv", 2); }) == status::not_found);
    till.acknowledge(kept.reference());
    till.acknowledge(kept.reference(), 1);
    CHECK(till.unfinished().empty() && till.recover_all(std::chrono::seconds(5)).empty());
    CHECK(failure([&] { till.recover_all(std::chrono::hours(2)); }) == status::invalid_argument);
    CHECK(till.find_payments(0, INT64_MAX).size() == 3);
    CHECK(till.find_payments(0, INT64_MAX, 3).size() == 1);
    till.accept_journal_loss("Anna");
}

void errors_outlive_what_has_thrown_them(char **argv)
{
    std::optional<secupos::error> kept;
    try {
        secupos::config config = settings(argv, "errors");
        config.set_client_credentials(argv[2], "wrong");
        const secupos::till till(config);
        const secupos::payment payment = till.pay(secupos::sale("wrong", 1, "EUR"));
        CHECK(payment.outcome() == secupos::outcome::not_started);
        CHECK(payment.reason() == secupos::reason::login_failed);
        kept = payment.error();
        throw secupos::error(*kept);
    } catch (const std::exception &error) {
        CHECK(strcmp(error.what(), kept->what()) == 0);
    }
    CHECK(kept->status() == status::invalid_credentials && kept->http_status() == 400);
    CHECK(kept->server_code() == "invalid_client" && kept->message() == kept->what());
    CHECK(!kept->cashier_text(secupos::language::german).empty() && !kept->retry_after_ms());
    CHECK(secupos::name(kept->status()) == "INVALID_CREDENTIALS" && secupos::name(secupos::status(12345)) == "?");
    (void)kept->server_text();
    (void)kept->support_id();
}

void texts_need_no_nul_and_hide_none(const secupos::till &till)
{
    const std::string_view longer = "elv and more";
    CHECK(till.recover(longer.substr(0, 3)).reference() == "elv");
    CHECK(failure([] { secupos::sale("cut\0off", 1, "EUR"); }) == status::ok); // C++ itself has cut it off
    CHECK(failure([] { secupos::sale(std::string_view("cut\0off", 7), 1, "EUR"); }) == status::invalid_utf8);
    CHECK(failure([] { secupos::sale("\xe4", 1, "EUR"); }) == status::invalid_utf8);
    CHECK(failure([] { secupos::sale(std::string_view(), 1, "EUR"); }) == status::invalid_argument);
    CHECK(failure([] { secupos::receipt::parse(std::string_view(), secupos::copy::customer); }) == status::receipt_malformed);
    const std::string_view json =
        R"([{"type":"textline","value":{"text":"Danke","decoration":["important"]}}] and more)";
    const secupos::receipt receipt = secupos::receipt::parse(json.substr(0, json.size() - 9), secupos::copy::customer);
    CHECK(receipt.lines().size() == 1 && receipt.lines()[0].text == "Danke" && receipt.lines()[0].important);
    CHECK(receipt.lines()[0].type == secupos::line_type::text && !receipt.lines()[0].name && !receipt.lines()[0].value);
    CHECK(receipt.lines()[0].aligned == secupos::alignment::left);
    const secupos::bytes rendered = receipt.render();
    CHECK(rendered.view() == "Danke\n" && rendered.view().size() == rendered.size());
}

void a_moved_from_object_is_harmless(const secupos::till &till)
{
    secupos::payment payment = till.recover("elv");
    const secupos::payment taken = std::move(payment);
    // NOLINTBEGIN: what was moved from is what this is about.
    CHECK(payment.get() == nullptr && payment.outcome() == secupos::outcome::unknown && payment.amount() == 0);
    CHECK(payment.reference().empty() && payment.next_actions().empty() && !payment.error() && !payment.completed_at());
    CHECK(failure([&] { payment.wait(); }) == status::null_argument);
    CHECK(failure([&] { payment.render_receipt(secupos::copy::customer); }) == status::null_argument);
    payment = till.recover("declined");
    CHECK(payment.reference() == "declined" && taken.reference() == "elv");
    secupos::payment &same = payment;
    payment = std::move(same);
    CHECK(payment.reference() == "declined");
    secupos::bytes text = taken.to_json();
    const secupos::bytes moved = std::move(text);
    CHECK(text.size() == 0 && text.view().empty() && !moved.view().empty());
    secupos::sale sale("moved", 1, "EUR");
    const secupos::sale gone = std::move(sale);
    CHECK(failure([&] { till.pay(sale); }) == status::null_argument);
    // NOLINTEND
}

void a_payment_outlives_its_till_and_an_exception_its_sale(char **argv)
{
    std::optional<secupos::till> till(settings(argv, "short"));
    const secupos::payment payment = till->start_payment(secupos::sale("short", 3, "EUR"));
    CHECK(failure([&] { till->start_payment(secupos::sale("other", 4, "EUR")); }) == status::busy);
    CHECK(failure([&] { till->decide("short", secupos::decision::paid, "Anna", "slip"); }) == status::invalid_state);
    CHECK(failure([&] { till->acknowledge("nobody"); }) == status::not_found);
    till.reset();
    CHECK(payment.wait() == secupos::outcome::approved);
    secupos::receipt receipt = payment.receipt(secupos::copy::customer);
    CHECK(!receipt.lines().empty());
}

void a_till_becomes_a_device_and_stays_it(char **argv)
{
    control(argv[1], "settings", "{\"poll_interval_s\": 1}");
    std::optional<secupos::till> till(without_device(argv, "registered"));
    CHECK(failure([&] { till->register_device("cashier/1"); }) == status::invalid_argument);
    CHECK(till->registration_state() == secupos::registration_state::unregistered);
    {
        const secupos::registration registration = till->register_device("/vendor/unknown/cashier/1");
        while (!registration.user_code() && registration.wait(10) == secupos::registration_state::pending) {}
        CHECK(registration.verification_url() == "http://www.secuoffice.com" && registration.expires_at());
        CHECK(till->registration_state() == secupos::registration_state::pending);
        const std::string code = registration.user_code().value_or("");
        control(argv[1], "confirm-device", ("{\"user_code\": \"" + code + "\"}").c_str());
        CHECK(registration.wait() == secupos::registration_state::registered);
    }
    for (const char *reference : {"as the device", "after a restart"}) {
        CHECK(till->registration_state() == secupos::registration_state::registered);
        const secupos::payment payment = till->pay(secupos::sale(reference, 102, "EUR"));
        CHECK(payment.outcome() == secupos::outcome::approved);
        CHECK(payment.to_json().str().find("\"grant\":\"device\"") != std::string::npos);
        till.reset();
        till.emplace(without_device(argv, "registered"));
    }
}

void wrong_settings_are_refused(char **argv)
{
    secupos::config config;
    CHECK(failure([&] { secupos::till nowhere(config); }) == status::invalid_argument);
    CHECK(failure([&] { config.set_environment(secupos::environment(7)); }) == status::invalid_argument);
    config.set_environment(secupos::environment::testing);
    CHECK(failure([&] { config.set_base_url("http://example.com"); }) == status::invalid_argument);
    CHECK(failure([&] { config.add_ca_file("/no/such/file"); }) == status::invalid_argument);
    CHECK(failure([&] { secupos::render_options().set_columns(5); }) == status::invalid_argument);
    secupos::sale sale("items", 2, "EUR");
    sale.add_item("roll", 1, 1, 7, std::nullopt, "4001234567890");
    sale.confirm_not_duplicate("Anna");
    const secupos::till till(settings(argv, "refused"));
    CHECK(failure([&] { till.pay(sale); }) == status::invalid_argument);
}

void a_notice_is_given_once_and_goes_with_its_payment(char **argv)
{
    const auto told = std::make_shared<std::atomic<int>>(0);
    const secupos::till till(settings(argv, "notified"));
    {
        const secupos::payment payment = till.start_payment(secupos::sale("notified", 1, "EUR"));
        payment.notify([told] { ++*told; });
        CHECK(payment.wait() == secupos::outcome::approved);
        for (int i = 0; i < 2000 && *told == 0; i++) {
            const timespec pause = {0, 10 * 1000 * 1000};
            nanosleep(&pause, nullptr);
        }
        payment.notify([told] {
            ++*told;
            throw std::runtime_error("on purpose");
        });
        CHECK(failure([&] { payment.notify(nullptr); }) == status::null_argument);
    }
    // The second one was given before the payment went, or never will be; its function is gone either way.
    CHECK(told.use_count() == 1 && (*told == 1 || *told == 2));
}

void whoever_receives_the_log_breaks_no_payment(char **argv)
{
    const auto heard = std::make_shared<std::vector<std::string>>();
    const std::weak_ptr<std::vector<std::string>> alive = heard;
    {
        secupos::config config = settings(argv, "logged");
        config.set_log(secupos::log_level::debug, [heard](secupos::log_level level, std::string_view line) {
            heard->push_back((level == secupos::log_level::debug ? "debug " : "") + std::string(line));
            throw std::runtime_error("on purpose");
        });
        const secupos::till till(config);
        CHECK(till.pay(secupos::sale("logged", 1, "EUR")).outcome() == secupos::outcome::approved);
        CHECK(failure([&] { config.set_log(secupos::log_level(5), {}); }) == status::invalid_argument);
        CHECK(failure([&] { config.set_log(secupos::log_level::debug, nullptr); }) == status::null_argument);
    }
    for (int i = 0; i < 2000 && alive.use_count() > 1; i++) {
        const timespec pause = {0, 10 * 1000 * 1000};
        nanosleep(&pause, nullptr);
    }
    CHECK(alive.use_count() == 1); // the library has freed the function
    CHECK(heard->size() == 7 && heard->back() == "payment 1 attempt 1 ends: approved");
    CHECK(heard->at(3).rfind("debug payment 1 attempt 1 request 2: POST /api/v2/Smart/Transactions: HTTP 200", 0) == 0);
    secupos::end_callbacks();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5) {
        std::fprintf(stderr, "usage: till BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE\n");
        return 2;
    }
    CHECK(secupos::abi_matches() && !secupos::version().empty());
    {
        const secupos::till till(settings(argv, "till"));
        TEST(a_payment_tells_all_that_c_does(till));
        TEST(receipts_come_in_each_format(till));
        TEST(a_declined_payment_is_tried_again(till));
        TEST(lists_lend_payments_that_outlive_them(till));
        TEST(texts_need_no_nul_and_hide_none(till));
        TEST(a_payment_is_reversed_and_the_day_is_closed(till));
        TEST(the_archive_is_verified_exported_and_pruned(till));
        TEST(a_moved_from_object_is_harmless(till));
    }
    TEST(a_person_decides_what_is_in_doubt(argv));
    TEST(a_reversal_in_doubt_is_decided_too(argv));
    TEST(what_was_left_is_recovered_and_acknowledged(argv));
    TEST(a_till_moves_where_a_person_says_so(argv));
    TEST(errors_outlive_what_has_thrown_them(argv));
    TEST(a_payment_outlives_its_till_and_an_exception_its_sale(argv));
    TEST(a_till_becomes_a_device_and_stays_it(argv));
    TEST(wrong_settings_are_refused(argv));
    TEST(a_notice_is_given_once_and_goes_with_its_payment(argv));
    TEST(whoever_receives_the_log_breaks_no_payment(argv));
    return tested();
}
