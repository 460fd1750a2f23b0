// The till of the README in C: its code, and what it leaves out.
#include <secupos.h>
#include <stdio.h>
#include <stdlib.h>

static int refuse(secupos_error *error)
{
    puts(secupos_error_cashier_text(error, SECUPOS_LANGUAGE_GERMAN));
    puts(secupos_error_message(error));
    secupos_error_free(error);
    return 1;
}

static void tell(const secupos_payment *payment)
{
    printf("%s, Versuch %d: %s\n", secupos_payment_reference(payment), (int)secupos_payment_attempt(payment),
        secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_GERMAN));
}

static void print_copy(const secupos_payment *payment, secupos_copy copy)
{
    secupos_bytes *text = NULL;
    if (secupos_payment_render_receipt(payment, copy, NULL, &text, NULL) == SECUPOS_OK)
        fwrite(secupos_bytes_data(text), 1, secupos_bytes_len(text), stdout);
    secupos_bytes_free(text);
}

static void todo(const secupos_payment *payment, secupos_action next)
{
    switch (next) {
    case SECUPOS_ACTION_PRINT_MERCHANT: print_copy(payment, SECUPOS_COPY_MERCHANT); break;
    case SECUPOS_ACTION_PRINT_CUSTOMER: print_copy(payment, SECUPOS_COPY_CUSTOMER); break;
    case SECUPOS_ACTION_TAKE_SIGNATURE: puts(">> Bitte den Beleg unterschreiben lassen."); break;
    case SECUPOS_ACTION_TRY_AGAIN: puts(">> Ein neuer Versuch ist möglich."); break;
    case SECUPOS_ACTION_RECOVER_LATER: puts(">> Bitte später noch einmal fragen."); break;
    case SECUPOS_ACTION_LOOK_AT_TERMINAL: puts(">> Bitte auf das Kartengerät sehen."); break;
    case SECUPOS_ACTION_ASK_CASHIER: puts(">> Bitte klären: Was zeigen Beleg und Kasse?"); break;
    case SECUPOS_ACTION_REFUND: puts(">> Bitte dem Kunden das Geld erstatten."); break;
    case SECUPOS_ACTION_COLLECT: puts(">> Bitte das Geld beim Kunden einziehen."); break;
    case SECUPOS_ACTION_COLLECT_REST:
        printf(">> Bitte den Rest kassieren: %lld Cent.\n", (long long)secupos_payment_amount_due(payment));
        break;
    case SECUPOS_ACTION_CALL_SUPPORT: puts(">> Bitte den Service rufen."); break;
    default: break;
    }
}

static int book(const secupos_payment *payment)
{
    (void)payment;
    return 1;
}

README 2

int main(int argc, char **argv)
{
    if (argc < 9)
        return 2;
    const char *base_url = argv[1], *client_id = argv[2], *client_secret = argv[3], *device_code = argv[4];
    const char *state_file = argv[5], *reference = argv[6];
    const int attempt = atoi(argv[7]), cents = atoi(argv[8]);

README 1

    secupos_till_free(till);
    secupos_config_free(config);
    return 0;
}
