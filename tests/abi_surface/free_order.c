/* The handles of one payment's life, freed in every order: each must live as long as it is held, and leave nothing.
 *
 *     free_order BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "../c/check.h"
#include <secupos.h>

enum { TILL, SALE, PAYMENT, LIST, RECEIPT, BYTES, KINDS };

static secupos_config *config;
static secupos_till *till;
static secupos_sale *sale;
static secupos_payment *payment;
static secupos_payment_list *list;
static secupos_receipt *receipt;
static secupos_bytes *bytes;

/* A till sells: the first time at the terminal, then it is told again. */
static void live(void)
{
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_new("r1", 1, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(secupos_till_find_payments(till, 0, INT64_MAX, 0, &list, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_receipt(payment, SECUPOS_COPY_MERCHANT, &receipt, NULL) == SECUPOS_OK);
    CHECK(secupos_receipt_render(receipt, NULL, &bytes, NULL) == SECUPOS_OK);
}

/* What is held works, whatever else was freed; then it goes. */
static void use_and_free(int kind)
{
    secupos_payment_list *again = NULL;
    switch (kind) {
    case TILL:
        CHECK(secupos_till_unfinished(till, &again, NULL) == SECUPOS_OK);
        secupos_payment_list_free(again);
        secupos_till_free(till);
        break;
    case SALE:
        CHECK(secupos_sale_set_attempt(sale, 2, NULL) == SECUPOS_OK);
        secupos_sale_free(sale);
        break;
    case PAYMENT:
        CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
        secupos_payment_free(payment);
        break;
    case LIST:
        CHECK(strcmp(secupos_payment_reference(secupos_payment_list_payment(list, 0)), "r1") == 0);
        secupos_payment_list_free(list);
        break;
    case RECEIPT:
        CHECK(secupos_receipt_line_count(receipt) == 23);
        secupos_receipt_free(receipt);
        break;
    case BYTES:
        CHECK(strlen(secupos_bytes_data(bytes)) == secupos_bytes_len(bytes));
        secupos_bytes_free(bytes);
        break;
    }
}

/* Every order that begins with the first `fixed` of `order`. */
static int orders(int *order, int fixed)
{
    int count = 0;
    if (fixed == KINDS) {
        live();
        for (int i = 0; i < KINDS; i++)
            use_and_free(order[i]);
        return 1;
    }
    for (int next = fixed; next < KINDS; next++) {
        int kept = order[fixed];
        order[fixed] = order[next];
        order[next] = kept;
        count += orders(order, fixed + 1);
        order[next] = order[fixed];
        order[fixed] = kept;
    }
    return count;
}

static void handles_may_be_freed_in_every_order(void)
{
    int order[KINDS] = {TILL, SALE, PAYMENT, LIST, RECEIPT, BYTES};
    CHECK(orders(order, 0) == 720);
}

/* The settings belong to nobody's life but their own: a till that is open does not need them any more. */
static void the_settings_may_go_first(void)
{
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    secupos_config_free(config);
    CHECK(secupos_sale_new("r1", 1, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    use_and_free(SALE);
    use_and_free(TILL);
    use_and_free(PAYMENT);
}

/* What is borrowed from an error ends with the error, and the error with nothing else. */
static void an_error_outlives_the_call_and_its_object(void)
{
    secupos_error *error = NULL;
    CHECK(secupos_sale_new("r2", 1, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_set_attempt(sale, 0, &error) == SECUPOS_STATUS_INVALID_ARGUMENT);
    secupos_sale_free(sale);
    CHECK(strstr(secupos_error_message(error), "attempt") != NULL);
    secupos_error_free(error);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, argv[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, argv[2], argv[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, argv[4], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_state_file(config, state_file("till"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    TEST(handles_may_be_freed_in_every_order());
    TEST(the_settings_may_go_first());
    TEST(an_error_outlives_the_call_and_its_object());
    return tested();
}
