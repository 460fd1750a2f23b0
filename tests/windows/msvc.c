/* What a program compiled and linked the way of MSVC needs of the library: the declarations, and its import library. There is
 * no library of C's here, because MSVC's is not to be had; four calls of Windows do.
 *
 *     msvc BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE STATE_FILE, none of them with a blank in it
 */
#include <secupos.h>

#define STDCALL __stdcall
__declspec(dllimport) char *STDCALL GetCommandLineA(void);
__declspec(dllimport) void *STDCALL GetStdHandle(unsigned long which);
__declspec(dllimport) int STDCALL WriteFile(void *file, const void *data, unsigned long size, unsigned long *out, void *o);
__declspec(dllimport) void STDCALL ExitProcess(unsigned int code);

static const char *words[6];

/* The words of the command line, the program's own name among them; each gets its end. */
static int split(char *line)
{
    int count = 0;
    while (*line && count < 6) {
        words[count++] = line;
        while (*line && *line != ' ')
            line++;
        while (*line == ' ')
            *line++ = 0;
    }
    return count;
}

static void say(const char *text)
{
    unsigned long length = 0, out = 0;
    while (text[length])
        length++;
    WriteFile(GetStdHandle((unsigned long)-11), text, length, &out, 0);
}

static int pays(void)
{
    secupos_config *config = 0;
    secupos_till *till = 0;
    secupos_sale *sale = 0;
    secupos_payment *payment = 0;
    int paid = split(GetCommandLineA()) == 6
        && secupos_abi_version() == SECUPOS_ABI_VERSION
        && secupos_config_new(&config, 0) == SECUPOS_OK
        && secupos_config_set_base_url(config, words[1], 0) == SECUPOS_OK
        && secupos_config_set_client_credentials(config, words[2], words[3], 0) == SECUPOS_OK
        && secupos_config_set_device_code(config, words[4], 0) == SECUPOS_OK
        && secupos_config_set_state_file(config, words[5], SECUPOS_STATE_CREATE, 0) == SECUPOS_OK
        && secupos_till_open(config, &till, 0) == SECUPOS_OK
        && secupos_sale_new("r1", 102, "EUR", &sale, 0) == SECUPOS_OK
        && secupos_till_pay(till, sale, &payment, 0) == SECUPOS_OK
        && secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED;
    secupos_payment_free(payment);
    secupos_sale_free(sale);
    secupos_till_free(till);
    secupos_config_free(config);
    return paid;
}

void start(void)
{
    int paid = pays();
    say(paid ? "1 passed, 0 failed\n" : "0 passed, 1 failed\n");
    ExitProcess(paid ? 0 : 1);
}
