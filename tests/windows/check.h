/* What the programs in C here check with. One that fails ends the program, which has then passed nothing. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#define CHECK(holds)                                                          \
    do {                                                                      \
        if (!(holds)) {                                                       \
            printf("%s:%d: %s\n0 passed, 1 failed\n", __FILE__, __LINE__, #holds); \
            exit(1);                                                          \
        }                                                                     \
    } while (0)

/* A new folder of this process, with letters that are in no code page of Western Europe. It ends with a backslash. */
static inline const wchar_t *folder(void)
{
    static wchar_t path[MAX_PATH];
    wchar_t temporary[MAX_PATH];
    if (path[0] == 0) {
        CHECK(GetTempPathW(MAX_PATH, temporary) != 0);
        _snwprintf(path, MAX_PATH - 1, L"%lsK\x00e4se \x6771\x4eac %lx\\", temporary, GetTickCount());
        CHECK(CreateDirectoryW(path, NULL));
    }
    return path;
}

static inline const wchar_t *in_folder(const wchar_t *name)
{
    static wchar_t path[MAX_PATH];
    _snwprintf(path, MAX_PATH - 1, L"%ls%ls", folder(), name);
    return path;
}

#endif
