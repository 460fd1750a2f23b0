/* The receipts of an answer by cJSON, written by hand for just these. */
#include "bench.h"
#include "slip.h"
#include <cjson/cJSON.h>

static const char *said(const cJSON *value, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(value, name));
    return text != NULL ? text : "";
}

static bool is_centered(const cJSON *value)
{
    const cJSON *word;
    cJSON_ArrayForEach(word, cJSON_GetObjectItemCaseSensitive(value, "decoration"))
        if (cJSON_IsString(word) && strcmp(word->valuestring, "align-center") == 0)
            return true;
    return false;
}

static char *drawn(const char *json, size_t length, const char *copy)
{
    struct line lines[MOST_LINES];
    size_t count = 0;
    cJSON *document = cJSON_ParseWithLength(json, length);
    const cJSON *row;
    char *slip;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(document, copy)) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, "value");
        enum kind kind = kind_of(said(row, "type"));
        if (count == MOST_LINES)
            break;
        lines[count++] = (struct line){
            kind, said(value, kind == PAIR ? "name" : kind == TEXT ? "text" : "caption"),
            kind == PAIR ? said(value, "value") : "", is_centered(value),
        };
    }
    slip = laid_out(lines, count);
    cJSON_Delete(document);
    return slip;
}
