/* Typed lines, and how they are laid out on 42 columns: what somebody writes who knows just these slips. It judges nothing, hides
 * nothing, wraps nothing, and takes each character for one column.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 42
#define MOST_LINES 200

enum kind { SPACE, SEPARATOR, TEXT, PAIR };

struct line {
    enum kind kind;
    const char *left, *right;
    bool is_centered;
};

static size_t columns_of(const char *text)
{
    size_t columns = 0;
    for (; *text; text++)
        columns += (*text & 0xc0) != 0x80;
    return columns;
}

static char *spaces(char *to, size_t count)
{
    memset(to, ' ', count);
    return to + count;
}

static char *text(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length);
    return to + length;
}

static char *centered(char *to, const char *caption)
{
    size_t columns = columns_of(caption);
    return text(spaces(to, columns < COLUMNS ? (COLUMNS - columns) / 2 : 0), caption);
}

/* To be freed. */
static char *laid_out(const struct line *lines, size_t count)
{
    size_t size = 1, at;
    char *slip, *to;
    for (at = 0; at < count; at++)
        size += 2 * COLUMNS + strlen(lines[at].left) + strlen(lines[at].right) + 2;
    slip = to = malloc(size);
    for (at = 0; at < count; at++) {
        const struct line *line = &lines[at];
        size_t columns;
        switch (line->kind) {
        case SPACE:
            break;
        case SEPARATOR:
            to = text(centered(to, line->left), "\n");
            break;
        case TEXT:
            to = line->is_centered ? centered(to, line->left) : text(to, line->left);
            break;
        case PAIR:
            columns = columns_of(line->left) + columns_of(line->right);
            to = text(spaces(text(to, line->left), columns < COLUMNS ? COLUMNS - columns : 1), line->right);
            break;
        }
        *to++ = '\n';
    }
    *to = 0;
    return slip;
}

static enum kind kind_of(const char *type)
{
    if (strcmp(type, "separator") == 0)
        return SEPARATOR;
    if (strcmp(type, "textline") == 0)
        return TEXT;
    return strcmp(type, "name-value") == 0 ? PAIR : SPACE;
}
