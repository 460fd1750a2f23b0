/* Sells a bread roll for 0.01 EUR and prints both receipts: the whole of a till, in C99.
 *
 *     pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE
 */
#include <secupos.h>
#include <stdio.h>

/* Says what went wrong and forgets it. Nothing was charged. */
static int refuse(secupos_error *error)
{
    fprintf(stderr, "%s\n%s\n", secupos_error_message(error),
            secupos_error_cashier_text(error, SECUPOS_LANGUAGE_ENGLISH));
    secupos_error_free(error);
    return 1;
}

static secupos_till *open_till(char **argv, secupos_error **error)
{
    secupos_till *till = NULL;
    secupos_config *config = NULL;
    if (secupos_config_new(&config, error) == SECUPOS_OK
        && secupos_config_set_base_url(config, argv[1], error) == SECUPOS_OK
        && secupos_config_set_client_credentials(config, argv[2], argv[3], error) == SECUPOS_OK
        && secupos_config_set_device_code(config, argv[4], error) == SECUPOS_OK)
        secupos_till_open(config, &till, error);
    secupos_config_free(config);
    return till;
}

static secupos_sale *one_bread_roll(const char *reference, secupos_error **error)
{
    secupos_sale *sale = NULL;
    if (secupos_sale_new(reference, 1, "EUR", &sale, error) != SECUPOS_OK)
        return NULL;
    if (secupos_sale_add_item(sale, "Br\xc3\xb6tchen", 1, 1, 7, "70000", NULL, error) != SECUPOS_OK) {
        secupos_sale_free(sale);
        return NULL;
    }
    return sale;
}

static int print_receipt(const secupos_payment *payment, secupos_copy copy)
{
    secupos_bytes *text = NULL;
    secupos_error *error = NULL;
    if (secupos_payment_render_receipt(payment, copy, NULL, &text, &error) != SECUPOS_OK)
        return refuse(error);
    printf("------------------------------------------\n%s", secupos_bytes_data(text));
    secupos_bytes_free(text);
    return 0;
}

/* What the library says is to be done next, in its order: a till needs no decision table of its own. */
static int do_next(const secupos_payment *payment)
{
    int failed = 0;
    for (size_t i = 0; i < secupos_payment_next_action_count(payment); i++) {
        switch (secupos_payment_next_action(payment, i)) {
        case SECUPOS_ACTION_PRINT_MERCHANT: failed |= print_receipt(payment, SECUPOS_COPY_MERCHANT); break;
        case SECUPOS_ACTION_PRINT_CUSTOMER: failed |= print_receipt(payment, SECUPOS_COPY_CUSTOMER); break;
        case SECUPOS_ACTION_TAKE_SIGNATURE: printf(">> The customer signs the merchant's receipt.\n"); break;
        default: break; /* the cashier's text says it */
        }
    }
    return failed;
}

static void print_numbers(const secupos_payment *payment)
{
    static const char *const signature[] = {"unknown", "required", "not required"};
    secupos_receipt *receipt = NULL;
    if (secupos_payment_receipt(payment, SECUPOS_COPY_MERCHANT, &receipt, NULL) != SECUPOS_OK)
        return;
    const char *printed = secupos_receipt_field(receipt, "receipt_no");
    printf("------------------------------------------\n");
    printf("signature: %s\n", signature[secupos_payment_signature(payment)]);
    printf("receipt number on the slip: %s\n", printed ? printed : "none");
    printf("receipt number: %lld\n", (long long)secupos_payment_receipt_number(payment));
    secupos_receipt_free(receipt);
}

int main(int argc, char **argv)
{
    static const char *const outcomes[] = {"unknown", "approved", "declined", "not started", "reversed", "pending"};
    secupos_error *error = NULL;
    if (argc != 6) {
        fprintf(stderr, "usage: pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE\n");
        return 2;
    }
    secupos_till *till = open_till(argv, &error);
    secupos_sale *sale = till ? one_bread_roll(argv[5], &error) : NULL;
    secupos_payment *payment = NULL;
    int result = 1;
    if (sale == NULL || secupos_till_pay(till, sale, &payment, &error) != SECUPOS_OK) {
        refuse(error);
    } else {
        secupos_outcome outcome = secupos_payment_outcome(payment);
        printf("outcome: %s\n%s\n", outcomes[outcome],
               secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH));
        result = do_next(payment) | (outcome != SECUPOS_OUTCOME_APPROVED);
        print_numbers(payment);
    }
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    secupos_till_free(till);
    return result;
}
