/* Sells a bread roll for 0.01 EUR and prints both receipts: the whole of a till, in C++17.
 *
 *     pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE STATE_FILE
 *
 * Kill it while the customer stands at the terminal and start it again: it tells what became of the payment.
 */
#include <secupos.hpp>

#include <algorithm>
#include <iostream>

namespace {

const char rule[] = "------------------------------------------\n";

secupos::till open_till(char **argv)
{
    secupos::config config;
    config.set_base_url(argv[1]);
    config.set_client_credentials(argv[2], argv[3]);
    config.set_device_code(argv[4]);
    // A real till makes the file once, when it is set up. Here each run may be the first.
    config.set_state_file(argv[6], secupos::state_flags::create);
    return secupos::till(config);
}

const char *word(secupos::signature signature)
{
    switch (signature) {
    case secupos::signature::required: return "required";
    case secupos::signature::not_required: return "not_required";
    case secupos::signature::unknown: break;
    }
    return "unknown";
}

// What the library says is to be done next, in its order: a till needs no decision table of its own.
void do_next(const secupos::payment &payment)
{
    for (const secupos::action next : payment.next_actions()) {
        switch (next) {
        case secupos::action::print_merchant:
            std::cout << rule << payment.render_receipt(secupos::copy::merchant).str();
            break;
        case secupos::action::print_customer:
            std::cout << rule << payment.render_receipt(secupos::copy::customer).str();
            break;
        case secupos::action::take_signature: std::cout << ">> The customer signs the merchant's receipt.\n"; break;
        case secupos::action::try_again: std::cout << ">> Another attempt may be offered.\n"; break;
        case secupos::action::recover_later: std::cout << ">> Ask again later.\n"; break;
        case secupos::action::look_at_terminal: std::cout << ">> Look at the terminal.\n"; break;
        case secupos::action::ask_cashier: std::cout << ">> Is there a slip? What is booked?\n"; break;
        // These three are told once: whoever does them twice pays twice.
        case secupos::action::refund: std::cout << ">> Give the money back.\n"; break;
        case secupos::action::collect: std::cout << ">> Collect the money.\n"; break;
        case secupos::action::collect_rest:
            std::cout << ">> Collect the rest in another way, or under a new reference: " << payment.amount_due()
                      << " cents.\n";
            break;
        case secupos::action::call_support: std::cout << ">> Call the support.\n"; break;
        case secupos::action::check_unfinished: break; // when this payment is done: pay()
        case secupos::action::none: break;             // a newer library's: the cashier's text says it
        }
    }
}

// Shows what became of a payment, does what is to be done next, and books it, by reference and attempt: whatever moved money
// is acknowledged, unless it is on its way back.
bool finish(const secupos::till &till, const secupos::payment &payment)
{
    const secupos::outcome outcome = payment.outcome();
    std::cout << "outcome: " << name(outcome) << '\n' << payment.cashier_text(secupos::language::english) << '\n';
    do_next(payment);
    std::cout << rule << "signature: " << word(payment.signature()) << '\n'
              << "receipt number on the slip: "
              << payment.receipt(secupos::copy::merchant).field("receipt_no").value_or("none") << '\n'
              << "receipt number: " << payment.receipt_number().value_or(0) << '\n';
    if (payment.reversal() != secupos::reversal::unknown
        && (outcome == secupos::outcome::approved || outcome == secupos::outcome::reversed || payment.conflict()))
        till.acknowledge(payment);
    return outcome == secupos::outcome::approved;
}

// What an earlier run has left open, because it was killed or the power failed. Starts nothing.
// Whether the sale that is to be paid now was among it and has been paid.
bool paid_earlier(const secupos::till &till, const std::string &sale)
{
    bool paid = false;
    for (const secupos::payment &left : till.recover_all(std::chrono::minutes(1))) {
        std::cout << ">> Left open earlier: " << left.reference() << '\n';
        paid |= finish(till, left) && left.reference() == sale;
    }
    return paid;
}

// Paying a second time with the same reference would be safe, too: nothing is charged twice.
bool pay(const secupos::till &till, const std::string &reference)
{
    secupos::sale sale(reference, 1, "EUR");
    sale.add_item("Br\xc3\xb6tchen", 1, 1, 7, "70000");
    const secupos::payment payment = till.pay(sale);
    const bool paid = finish(till, payment);
    const std::vector<secupos::action> actions = payment.next_actions();
    if (std::count(actions.begin(), actions.end(), secupos::action::check_unfinished) > 0)
        paid_earlier(till, reference); // something else waits to be told
    return paid;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 7) {
        std::cerr << "usage: pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE STATE_FILE\n";
        return 2;
    }
    try {
        const secupos::till till = open_till(argv);
        return paid_earlier(till, argv[5]) || pay(till, argv[5]) ? 0 : 1;
    } catch (const secupos::error &error) {
        std::cerr << error.what() << '\n' << error.cashier_text(secupos::language::english) << '\n';
        return 1;
    }
}
