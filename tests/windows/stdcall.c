/* A till as Visual Basic and FoxPro would have it: secupos_vb.dll found by name, stdcall, integers for handles, texts in the code
 * page of the machine or in UTF-16, doubles for amounts.
 *
 *     stdcall BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE
 */
#include "check.h"
#include <secupos.h>
#include <stdio.h>
#include <string.h>

static HMODULE layer;

static void (*function(const char *name))(void)
{
    FARPROC found = GetProcAddress(layer, name);
    if (!found)
        printf("%s is not there\n", name);
    CHECK(found);
    return (void (*)(void))found;
}

/* Calls a function of the layer by its name; the types are those of the Declare statement. */
#define CALL(result, name, types, values) (((result(__stdcall *) types)function(name)) values)

static char letters_are_of_western_europe(void) { return GetACP() == 1252; }

static long config_of(char **given, const char *state_file)
{
    long config = 0, error = 0;
    CHECK(CALL(long, "secupos_config_new", (long *, long *), (&config, &error)) == SECUPOS_OK);
    CHECK(CALL(long, "secupos_config_set_base_url_a", (long, const char *, long *), (config, given[1], &error)) == 0);
    CHECK(CALL(long, "secupos_config_set_client_credentials_a", (long, const char *, const char *, long *),
               (config, given[2], given[3], &error)) == SECUPOS_OK);
    CHECK(CALL(long, "secupos_config_set_device_code_a", (long, const char *, long *), (config, given[4], &error)) == 0);
    CHECK(CALL(long, "secupos_config_set_state_file_a", (long, const char *, long, long *),
               (config, state_file, SECUPOS_STATE_CREATE, &error)) == SECUPOS_OK);
    return config;
}

static void a_fraction_is_no_amount(void)
{
    long sale = 7, error = 0;
    char said[400];
    wchar_t wide[400];
    CHECK(CALL(long, "secupos_sale_new_a", (const char *, double, const char *, long *, long *),
               ("r", 1.5, "EUR", &sale, &error)) == SECUPOS_STATUS_INVALID_ARGUMENT);
    CHECK(sale == 0 && error != 0);
    CHECK(CALL(long, "secupos_error_message_a", (long, char *, long), (error, said, sizeof said)) == (long)strlen(said));
    CHECK(strstr(said, "amount"));
    CHECK(CALL(long, "secupos_error_message_w", (long, wchar_t *, long), (error, wide, 400)) == (long)wcslen(wide));
    CHECK(CALL(long, "secupos_error_server_text_a", (long, char *, long), (error, said, 400)) == -1);
    CALL(void, "secupos_error_free", (long), (error));
}

static void letters_go_in_and_come_out(long payment)
{
    char ansi[20];
    wchar_t wide[20];
    CHECK(CALL(long, "secupos_payment_reference_a", (long, char *, long), (payment, ansi, 20)) == 6);
    CHECK(strcmp(ansi, "K\xe4se-1") == 0);
    CHECK(CALL(long, "secupos_payment_reference_w", (long, wchar_t *, long), (payment, wide, 20)) == 6);
    CHECK(wcscmp(wide, L"K\x00e4se-1") == 0);
    /* What does not fit is cut off, and the length is still that of all of it. */
    CHECK(CALL(long, "secupos_payment_reference_a", (long, char *, long), (payment, ansi, 3)) == 6);
    CHECK(strcmp(ansi, "K\xe4") == 0);
    CHECK(CALL(long, "secupos_payment_reference_a", (long, char *, long), (payment, NULL, 0)) == 6);
}

static void a_receipt_is_bytes_or_a_text(long payment)
{
    static char bytes[20000], text[20000];
    long rendered = 0, error = 0;
    CHECK(CALL(long, "secupos_payment_render_receipt", (long, long, long, long *, long *),
               (payment, SECUPOS_COPY_MERCHANT, 0, &rendered, &error)) == SECUPOS_OK);
    long length = CALL(long, "secupos_bytes_len", (long), (rendered));
    CHECK(CALL(long, "secupos_bytes_data", (long, void *, long), (rendered, bytes, sizeof bytes)) == length);
    CHECK(strstr(bytes, "H\xc3\xa4ndlerbeleg"));
    CHECK(CALL(long, "secupos_bytes_data_a", (long, char *, long), (rendered, text, sizeof text)) < length);
    CHECK(strstr(text, "H\xe4ndlerbeleg"));
    CALL(void, "secupos_bytes_free", (long), (rendered));
}

static void pays(char **given, const char *state_file)
{
    long config = config_of(given, state_file), till = 0, sale = 0, payment = 0, outcome = 0, error = 0;
    CHECK(CALL(long, "secupos_till_open", (long, long *, long *), (config, &till, &error)) == SECUPOS_OK);
    CHECK(CALL(long, "secupos_sale_new_a", (const char *, double, const char *, long *, long *),
               ("K\xe4se-1", 100.0, "EUR", &sale, &error)) == SECUPOS_OK);
    CHECK(CALL(long, "secupos_sale_add_item_w",
               (long, const wchar_t *, long, double, long, const wchar_t *, const wchar_t *, long *),
               (sale, L"Br\x00f6tchen", 1, 100.0, 7, L"70000", NULL, &error)) == SECUPOS_OK);
    CHECK(CALL(long, "secupos_till_start_payment", (long, long, long *, long *), (till, sale, &payment, &error)) == 0);
    CHECK(CALL(long, "secupos_payment_wait", (long, double, long *, long *), (payment, -1.0, &outcome, &error)) == 0);
    CHECK(outcome == SECUPOS_OUTCOME_APPROVED);
    CHECK(CALL(double, "secupos_payment_amount_charged", (long), (payment)) == 100.0);
    CHECK(CALL(double, "secupos_payment_completed_at", (long), (payment)) > 1.6e12);
    letters_go_in_and_come_out(payment);
    a_receipt_is_bytes_or_a_text(payment);
    CALL(void, "secupos_payment_free", (long), (payment));
    CALL(void, "secupos_sale_free", (long), (sale));
    CALL(void, "secupos_till_free", (long), (till));
    CALL(void, "secupos_config_free", (long), (config));
}

int main(int argc, char **argv)
{
    char state_file[MAX_PATH];
    CHECK(argc == 5);
    CHECK(letters_are_of_western_europe());
    CHECK(layer = LoadLibraryA("secupos_vb.dll"));
    a_fraction_is_no_amount();
    CHECK(GetTempPathA(MAX_PATH, state_file));
    sprintf(state_file + strlen(state_file), "K\xe4se %lx.db", GetTickCount());
    pays(argv, state_file);
    CHECK(GetFileAttributesA(state_file) != INVALID_FILE_ATTRIBUTES);
    puts("3 passed, 0 failed");
    return 0;
}
