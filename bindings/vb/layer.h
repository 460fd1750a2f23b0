/* How secupos_vb.dll translates: texts between the machine's code page or UTF-16 and UTF-8, whole numbers to doubles, handles to
 * integers. Where there is no memory the program ends, as it does in the library itself.
 */
#ifndef LAYER_H
#define LAYER_H

#include <secupos.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

/* A handle is an address. */
typedef char handles_fit_into_long[sizeof(long) == sizeof(void *) ? 1 : -1];

static void *room_for(size_t count, size_t size)
{
    void *room = calloc(count, size);
    if (!room)
        abort();
    return room;
}

/* What a caller from C would have written. NULL stays NULL; the caller frees it. */
static char *utf8_of_wide(const wchar_t *text)
{
    char *utf8 = NULL;
    if (text) {
        int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
        utf8 = room_for((size_t)size + 1, 1);
        WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, size, NULL, NULL);
    }
    return utf8;
}

static wchar_t *wide_of(unsigned page, const char *text)
{
    int size = MultiByteToWideChar(page, 0, text, -1, NULL, 0);
    wchar_t *wide = room_for((size_t)size + 1, sizeof(wchar_t));
    MultiByteToWideChar(page, 0, text, -1, wide, size);
    return wide;
}

static char *utf8_of_ansi(const char *text)
{
    wchar_t *wide = text ? wide_of(CP_ACP, text) : NULL;
    char *utf8 = utf8_of_wide(wide);
    free(wide);
    return utf8;
}

/* Copies as much of a text as the buffer holds, with its end, and returns the length of all of it; -1 if there is no text. */
static long give_wide(const char *text, wchar_t *buffer, long size)
{
    long length = -1;
    if (text) {
        wchar_t *wide = wide_of(CP_UTF8, text);
        length = (long)wcslen(wide);
        if (buffer && size > 0) {
            long copied = length < size ? length : size - 1;
            memcpy(buffer, wide, (size_t)copied * sizeof(wchar_t));
            buffer[copied] = 0;
        }
        free(wide);
    }
    return length;
}

/* The same in the machine's code page. A letter that this page has not becomes a question mark. */
static long give_ansi(const char *text, char *buffer, long size)
{
    long length = -1;
    if (text) {
        wchar_t *wide = wide_of(CP_UTF8, text);
        int room = WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL);
        char *ansi = room_for((size_t)room + 1, 1);
        WideCharToMultiByte(CP_ACP, 0, wide, -1, ansi, room, NULL, NULL);
        length = (long)strlen(ansi);
        if (buffer && size > 0) {
            long copied = length < size ? length : size - 1;
            memcpy(buffer, ansi, (size_t)copied);
            buffer[copied] = 0;
        }
        free(ansi);
        free(wide);
    }
    return length;
}

/* Copies as many bytes as the buffer holds, and returns how many there are; -1 if there are none. */
static long give_bytes(const char *bytes, size_t length, void *buffer, long size)
{
    if (!bytes)
        return -1;
    if (buffer && size > 0)
        memcpy(buffer, bytes, length < (size_t)size ? length : (size_t)size);
    return (long)length;
}

/* The largest whole number up to which a double is exact. */
#define LARGEST 9007199254740992.0

/* A number with a fraction is no amount: the library refuses what is put in its place, and names the argument. */
static int64_t whole(double number)
{
    return number >= -LARGEST && number <= LARGEST && number == (double)(int64_t)number ? (int64_t)number : INT64_MIN;
}

/* Half a millisecond more or less is none. */
static int64_t milliseconds(double number)
{
    return number >= LARGEST ? INT64_MAX : number >= -LARGEST ? (int64_t)number : INT64_MIN;
}

#endif
