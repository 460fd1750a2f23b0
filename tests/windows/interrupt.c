/* Ctrl-C in the middle of a payment: the command line asks for an abort, waits for the outcome and says it.
 *
 *     interrupt secupos.exe ARGUMENTS…, at a simulator whose customer takes some seconds, none of them with a blank in it
 */
#include "check.h"
#include <string.h>

/* Ctrl-C goes to all programs of a console; this one goes on. */
static BOOL WINAPI goes_on(DWORD what)
{
    return what == CTRL_C_EVENT;
}

int main(int argc, char **argv)
{
    static char line[4000];
    STARTUPINFOA start = {.cb = sizeof start};
    PROCESS_INFORMATION till;
    DWORD code = 77;
    CHECK(argc > 1);
    for (int i = 1; i < argc; i++) {
        CHECK(strlen(line) + strlen(argv[i]) + 2 < sizeof line);
        strcat(strcat(line, argv[i]), i + 1 < argc ? " " : "");
    }
    CHECK(SetConsoleCtrlHandler(goes_on, TRUE));
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &till));
    Sleep(2500);
    CHECK(GetExitCodeProcess(till.hProcess, &code) && code == STILL_ACTIVE);
    CHECK(GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0));
    Sleep(500);
    CHECK(GetExitCodeProcess(till.hProcess, &code) && code == STILL_ACTIVE);
    CHECK(WaitForSingleObject(till.hProcess, 60000) == WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(till.hProcess, &code));
    /* The customer has paid: at the terminal nothing can be aborted any more. */
    printf("ended with %lu\n", code);
    CHECK(code == 0);
    return 0;
}
