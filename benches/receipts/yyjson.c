/* The receipts of an answer by yyjson, written by hand for just these. */
#include "bench.h"
#include "slip.h"
#include <yyjson.h>

static const char *said(yyjson_val *value, const char *name)
{
    const char *text = yyjson_get_str(yyjson_obj_get(value, name));
    return text != NULL ? text : "";
}

static bool is_centered(yyjson_val *value)
{
    yyjson_arr_iter words;
    yyjson_val *word;
    yyjson_arr_iter_init(yyjson_obj_get(value, "decoration"), &words);
    while ((word = yyjson_arr_iter_next(&words)) != NULL)
        if (yyjson_equals_str(word, "align-center"))
            return true;
    return false;
}

static char *drawn(const char *json, size_t length, const char *copy)
{
    struct line lines[MOST_LINES];
    size_t count = 0;
    yyjson_doc *document = yyjson_read(json, length, 0);
    yyjson_arr_iter rows;
    yyjson_val *row;
    char *slip;
    yyjson_arr_iter_init(yyjson_obj_get(yyjson_doc_get_root(document), copy), &rows);
    while ((row = yyjson_arr_iter_next(&rows)) != NULL && count < MOST_LINES) {
        yyjson_val *value = yyjson_obj_get(row, "value");
        enum kind kind = kind_of(said(row, "type"));
        lines[count++] = (struct line){
            kind, said(value, kind == PAIR ? "name" : kind == TEXT ? "text" : "caption"),
            kind == PAIR ? said(value, "value") : "", is_centered(value),
        };
    }
    slip = laid_out(lines, count);
    yyjson_doc_free(document);
    return slip;
}
