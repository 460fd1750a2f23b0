/* Paths in UTF-16: a till whose state file lies in a folder that the machine's code page cannot name.
 *
 *     wide BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "check.h"
#include <secupos.h>
#include <string.h>

static secupos_config *settings(char **given)
{
    secupos_config *config = NULL;
    CHECK(secupos_config_new(&config, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_base_url(config, given[1], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_client_credentials(config, given[2], given[3], NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_device_code(config, given[4], NULL) == SECUPOS_OK);
    return config;
}

static void refuses_what_is_no_path(secupos_config *config)
{
    secupos_error *error = NULL;
    CHECK(secupos_config_set_state_file_w(config, NULL, 0, &error) == SECUPOS_STATUS_NULL_ARGUMENT);
    CHECK(strstr(secupos_error_message(error), "state_file") != NULL);
    secupos_error_free(error);
    CHECK(secupos_config_set_state_file_w(config, L"", 0, NULL) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(secupos_config_set_state_file_w(config, L"x", 77, NULL) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(secupos_config_set_head_file_w(config, NULL, NULL) == SECUPOS_STATUS_NULL_ARGUMENT);
    CHECK(secupos_config_add_ca_file_w(config, in_folder(L"missing.pem"), NULL) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(secupos_config_add_ca_file_w(NULL, L"x", NULL) == SECUPOS_STATUS_NULL_ARGUMENT);
}

static void pays(secupos_config *config)
{
    secupos_till *till = NULL;
    secupos_sale *sale = NULL;
    secupos_payment *payment = NULL;
    secupos_bytes *exported = NULL;
    CHECK(secupos_config_set_state_file_w(config, in_folder(L"till.db"), SECUPOS_STATE_CREATE, NULL) == SECUPOS_OK);
    CHECK(secupos_config_set_head_file_w(config, in_folder(L"head \x00df"), NULL) == SECUPOS_OK);
    CHECK(secupos_till_open(config, &till, NULL) == SECUPOS_OK);
    CHECK(secupos_sale_new("r1", 102, "EUR", &sale, NULL) == SECUPOS_OK);
    CHECK(secupos_till_pay(till, sale, &payment, NULL) == SECUPOS_OK);
    CHECK(secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED);
    CHECK(GetFileAttributesW(in_folder(L"till.db")) != INVALID_FILE_ATTRIBUTES);
    CHECK(GetFileAttributesW(in_folder(L"head \x00df")) != INVALID_FILE_ATTRIBUTES);
    CHECK(secupos_till_export_day_w(till, "2020-02-02", folder(), &exported, NULL) == SECUPOS_OK);
    CHECK(GetFileAttributesW(in_folder(L"secupos-2020-02-02.jsonl")) != INVALID_FILE_ATTRIBUTES);
    secupos_bytes_free(exported);
    CHECK(secupos_till_export_day_w(till, "2020-02-02", NULL, &exported, NULL) == SECUPOS_STATUS_NULL_ARGUMENT);
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    secupos_till_free(till);
}

int main(int argc, char **argv)
{
    secupos_config *config;
    if (argc != 5)
        return 2;
    config = settings(argv);
    refuses_what_is_no_path(config);
    pays(config);
    secupos_config_free(config);
    puts("2 passed, 0 failed");
    return 0;
}
