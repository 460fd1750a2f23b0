/* A till's day on the simulator, in C++17: it registers, takes payments, reverses one, and closes the day.
 *
 *     day BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE
 *
 * On the simulator the amount says how the payment goes (secupos simulate --help).
 */
#include <secupos.hpp>

#include <iostream>

namespace {

const char *word(secupos::signature signature)
{
    switch (signature) {
    case secupos::signature::required: return "required";
    case secupos::signature::not_required: return "not_required";
    case secupos::signature::unknown: break;
    }
    return "unknown";
}

const char *word(secupos::report_outcome outcome)
{
    switch (outcome) {
    case secupos::report_outcome::done: return "done";
    case secupos::report_outcome::refused: return "refused";
    case secupos::report_outcome::not_run: return "not_run";
    case secupos::report_outcome::pending: return "pending";
    case secupos::report_outcome::may_have_run: break;
    }
    return "may_have_run";
}

const char *word(secupos::registration_state state)
{
    switch (state) {
    case secupos::registration_state::registered: return "registered";
    case secupos::registration_state::pending: return "pending";
    case secupos::registration_state::denied: return "denied";
    case secupos::registration_state::expired: return "expired";
    case secupos::registration_state::unregistered: break;
    }
    return "unregistered";
}

secupos::till open_till(char **argv)
{
    secupos::config config;
    config.set_base_url(argv[1]);
    config.set_client_credentials(argv[2], argv[3]);
    config.set_state_file(argv[4], secupos::state_flags::create); // once, when the till is set up
    return secupos::till(config);
}

// Once, too: from then on the state file says which device the till is.
void become_a_device(const secupos::till &till)
{
    std::cout << "== The till registers\n";
    const secupos::registration registration = till.register_device("/vendor/unknown/cashier/1");
    while (!registration.user_code() && registration.wait(20) == secupos::registration_state::pending)
        continue;
    // Which code and where differs each time: stderr.
    std::cerr << "Enter " << registration.user_code().value_or("nothing") << " at "
              << registration.verification_url().value_or("nowhere") << '\n';
    std::cout << word(registration.wait()) << '\n';
}

void show(const secupos::payment &payment)
{
    std::cout << payment.reference() << ", attempt " << payment.attempt() << ": " << name(payment.outcome()) << '\n'
              << payment.cashier_text(secupos::language::english) << '\n';
    const char *before = "next: ";
    for (const secupos::action next : payment.next_actions()) {
        std::cout << before << name(next);
        before = ", ";
    }
    std::cout << "\nsignature: " << word(payment.signature())
              << ", receipt number: " << payment.receipt_number().value_or(0) << '\n';
}

// Takes one payment and takes over its result. examples/cpp/pay.cpp prints and books, too.
secupos::outcome sell(const secupos::till &till, const char *reference, std::int64_t amount, std::int32_t attempt = 1)
{
    secupos::sale sale(reference, amount, "EUR");
    sale.set_attempt(attempt);
    const secupos::payment payment = till.pay(sale);
    show(payment);
    if (payment.outcome() == secupos::outcome::approved)
        till.acknowledge(payment); // a real till does first what next says
    return payment.outcome();
}

void reverse(const secupos::till &till, const char *reference)
{
    std::cout << "== The customer wants the money of " << reference << " back\n";
    const secupos::payment payment = till.reverse(reference);
    payment.wait();
    std::cout << "reversal: " << name(payment.reversal()) << '\n';
    show(payment);
    if (payment.reversal() == secupos::reversal::done)
        till.acknowledge(payment);
}

void finish(const secupos::report &report, const char *name)
{
    std::cout << name << ": " << word(report.wait()) << '\n' << report.render().str();
}

void print_again(const secupos::till &till, const char *reference)
{
    std::cout << "== The customer of " << reference << " has lost the receipt\n";
    const secupos::payment payment = till.recover(reference); // asks the state file alone: it is known
    payment.wait();
    secupos::render_options options;
    options.set_duplicate(true);
    std::cout << payment.render_receipt(secupos::copy::customer, options).str();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5) {
        std::cerr << "usage: day BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE\n";
        return 2;
    }
    try {
        const secupos::till till = open_till(argv);
        become_a_device(till);

        std::cout << "== Direct debit: the customer signs\n";
        sell(till, "day/1", 1201);
        std::cout << "== girocard\n";
        sell(till, "day/2", 1202);
        std::cout << "== Credit card: the customer signs\n";
        sell(till, "day/3", 1204);
        std::cout << "== The first card is declined, the second is not\n";
        if (sell(till, "day/4", 1210) == secupos::outcome::failed)
            sell(till, "day/4", 1210, 2);
        std::cout << "== The connection breaks while the customer pays: the library asks until it knows\n";
        sell(till, "day/5", 1209);

        reverse(till, "day/2");
        std::cout << "== The terminal looks after itself\n";
        finish(till.run_diagnosis(), "diagnosis");
        std::cout << "== The day is closed\nleft open: " << till.unfinished().size() << '\n';
        finish(till.run_end_of_day(), "end of day");
        print_again(till, "day/1");
        return 0;
    } catch (const secupos::error &error) {
        // Whatever is thrown has sent nothing. A day with one is over here; a real till shows it and goes on.
        std::cerr << error.what() << '\n' << error.cashier_text(secupos::language::english) << '\n';
        return 1;
    }
}
