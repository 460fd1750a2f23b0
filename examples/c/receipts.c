/* Prints a receipt in any format, in C99, without a till:
 *
 *     receipts FILE customer|merchant text|escpos|html|pdf|json
 *
 * FILE holds a Smart Transaction, or a bare array of lines, as JSON.
 */
#include <secupos.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

static secupos_format format_named(const char *name)
{
    static const struct {
        const char *name;
        secupos_format format;
    } formats[] = {
        {"text", SECUPOS_FORMAT_TEXT}, {"escpos", SECUPOS_FORMAT_ESCPOS}, {"html", SECUPOS_FORMAT_HTML},
        {"pdf", SECUPOS_FORMAT_PDF},   {"json", SECUPOS_FORMAT_JSON},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(name, formats[i].name) == 0)
            return formats[i].format;
    return 0; /* which the library refuses, with an error that says so */
}

/* All of a file, at most so much; NULL if it cannot be read. */
static char *read_file(const char *name, size_t *len)
{
    const size_t most = 2 * 1024 * 1024;
    FILE *file = fopen(name, "rb");
    char *bytes = file ? malloc(most) : NULL;
    if (bytes)
        *len = fread(bytes, 1, most, file);
    if (file)
        fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    secupos_receipt *receipt = NULL;
    secupos_render_options *options = NULL;
    secupos_bytes *rendered = NULL;
    secupos_error *error = NULL;
    size_t len = 0;
    char *json;

    if (argc != 4) {
        fprintf(stderr, "usage: receipts FILE customer|merchant text|escpos|html|pdf|json\n");
        return 2;
    }
    if (!(json = read_file(argv[1], &len))) {
        perror(argv[1]);
        return 1;
    }
#ifdef _WIN32
    _setmode(_fileno(stdout), _O_BINARY); /* a printer's bytes: Windows would put a CR before each LF */
#endif
    /* Three calls: read it, say how, render it. */
    if (secupos_receipt_parse(json, len, strcmp(argv[2], "merchant") == 0 ? SECUPOS_COPY_MERCHANT : SECUPOS_COPY_CUSTOMER,
                              &receipt, &error) == SECUPOS_OK
        && secupos_render_options_new(&options, &error) == SECUPOS_OK
        && secupos_render_options_set_format(options, format_named(argv[3]), &error) == SECUPOS_OK
        && secupos_render_options_set_columns(options, 32, &error) == SECUPOS_OK
        && secupos_receipt_render(receipt, options, &rendered, &error) == SECUPOS_OK)
        fwrite(secupos_bytes_data(rendered), 1, secupos_bytes_len(rendered), stdout);
    else
        fprintf(stderr, "%s\n", secupos_error_message(error));
    free(json);
    secupos_bytes_free(rendered);
    secupos_render_options_free(options);
    secupos_receipt_free(receipt);
    secupos_error_free(error);
    return rendered == NULL;
}
