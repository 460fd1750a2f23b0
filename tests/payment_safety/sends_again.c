/* What an HTTP client usually does: reads a transaction, then starts it over the same connection. If the server closes
 * that after it has read the POST, libcurl sends it once more, silently. sends_again URL TOKEN */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static size_t ignore(char *bytes, size_t size, size_t count, void *nothing)
{
    (void)bytes;
    (void)nothing;
    return size * count;
}

int main(int argc, char **argv)
{
    char start[1024], bearer[8192];
    struct curl_slist *headers = NULL;
    CURL *curl = NULL;
    int failed = 1;

    if (argc != 3 || (curl = curl_easy_init()) == NULL)
        return 2;
    snprintf(start, sizeof start, "%s/start/cashless", argv[1]);
    snprintf(bearer, sizeof bearer, "Authorization: Bearer %s", argv[2]);
    headers = curl_slist_append(headers, bearer);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
    if (curl_easy_perform(curl) == CURLE_OK) {
        curl_easy_setopt(curl, CURLOPT_URL, start);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
        failed = curl_easy_perform(curl) != CURLE_OK;
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return failed;
}
