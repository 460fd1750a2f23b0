// The till of the README in C++: its code, and what it leaves out.
#include <secupos.hpp>

#include <iostream>

static void tell(const secupos::payment &payment)
{
    std::cout << payment.reference() << ", Versuch " << payment.attempt() << ": "
              << payment.cashier_text(secupos::language::german) << '\n';
}

static void todo(const secupos::payment &payment, secupos::action next)
{
    switch (next) {
    case secupos::action::print_merchant: std::cout << payment.render_receipt(secupos::copy::merchant).str(); break;
    case secupos::action::print_customer: std::cout << payment.render_receipt(secupos::copy::customer).str(); break;
    case secupos::action::take_signature: std::cout << ">> Bitte den Beleg unterschreiben lassen.\n"; break;
    case secupos::action::try_again: std::cout << ">> Ein neuer Versuch ist möglich.\n"; break;
    case secupos::action::recover_later: std::cout << ">> Bitte später noch einmal fragen.\n"; break;
    case secupos::action::look_at_terminal: std::cout << ">> Bitte auf das Kartengerät sehen.\n"; break;
    case secupos::action::ask_cashier: std::cout << ">> Bitte klären: Was zeigen Beleg und Kasse?\n"; break;
    case secupos::action::refund: std::cout << ">> Bitte dem Kunden das Geld erstatten.\n"; break;
    case secupos::action::collect: std::cout << ">> Bitte das Geld beim Kunden einziehen.\n"; break;
    case secupos::action::collect_rest:
        std::cout << ">> Bitte den Rest kassieren: " << payment.amount_due() << " Cent.\n";
        break;
    case secupos::action::call_support: std::cout << ">> Bitte den Service rufen.\n"; break;
    default: break;
    }
}

static bool book(const secupos::payment &) { return true; }

README 2

int main(int argc, char **argv)
{
    if (argc < 9)
        return 2;
    const char *base_url = argv[1], *client_id = argv[2], *client_secret = argv[3], *device_code = argv[4];
    const char *state_file = argv[5], *reference = argv[6];
    const int attempt = std::stoi(argv[7]), cents = std::stoi(argv[8]);
    try {

README 1

    } catch (const secupos::error &error) {
        std::cout << error.cashier_text(secupos::language::german) << '\n' << error.what() << '\n';
        return 1;
    }
    return 0;
}
