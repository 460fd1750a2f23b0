/* The simulator's own word, past the API: what it has seen, and what shall go wrong. */
#ifndef CONTROL_H
#define CONTROL_H

#include "check.h"
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

/* GETs what is under /_control/path, or POSTs body to it, and gives the answer's body. */
static const char *control(const char *base_url, const char *path, const char *body)
{
    static char text[256 * 1024];
    size_t length = 0;
    ssize_t got;
    const char *found;
    struct sockaddr_in address;
    int stream = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)atoi(strrchr(base_url, ':') + 1));
    CHECK(connect(stream, (struct sockaddr *)&address, sizeof address) == 0);
    if (body == NULL)
        snprintf(text, sizeof text, "GET /_control/%s HTTP/1.0\r\n\r\n", path);
    else
        snprintf(text, sizeof text,
                 "POST /_control/%s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", path,
                 strlen(body), body);
    CHECK(write(stream, text, strlen(text)) == (ssize_t)strlen(text));
    while ((got = read(stream, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(stream);
    text[length] = 0;
    CHECK(strstr(text, " 200 ") != NULL);
    found = strstr(text, "\r\n\r\n");
    CHECK(found != NULL);
    return found != NULL ? found + 4 : "";
}

/* How often the word stands in the simulator's answer. */
static int count(const char *base_url, const char *path, const char *word)
{
    int times = 0;
    const char *at = control(base_url, path, NULL);
    while ((at = strstr(at, word)) != NULL) {
        times++;
        at += strlen(word);
    }
    return times;
}

#endif
