/* Card payments by libcurl, with nothing kept: curl BASE_URL TOKEN PAYMENTS. The connection is kept between the requests. It prints the
 * nanoseconds from create to the result for each payment.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct answer {
    char text[64 * 1024];
    size_t length;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static size_t take(char *part, size_t one, size_t length, void *to)
{
    struct answer *answer = to;
    (void)one;
    if (answer->length + length >= sizeof answer->text)
        return 0;
    memcpy(answer->text + answer->length, part, length);
    answer->length += length;
    answer->text[answer->length] = 0;
    return length;
}

static void post(CURL *curl, const char *url, const char *body, struct answer *answer)
{
    long status = 0;
    answer->length = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (curl_easy_perform(curl) != CURLE_OK || curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK
        || status != 200) {
        fprintf(stderr, "%s: %ld %s\n", url, status, answer->text);
        exit(1);
    }
}

static void pay(CURL *curl, const char *base, int number)
{
    static struct answer answer;
    char url[512], body[256], id[128];
    const char *at;
    snprintf(body, sizeof body, "{\"merchantRef\":\"curl-%d\",\"basket_info\":{\"sum\":%d,\"currency\":\"EUR\"}}", number,
             20000 + number % 10000 * 100 + 2);
    snprintf(url, sizeof url, "%s/api/v2/Smart/Transactions", base);
    post(curl, url, body, &answer);
    at = strstr(answer.text, "\"STX_");
    if (at == NULL || sscanf(at, "\"%127[^\"]\"", id) != 1)
        exit(1);
    snprintf(url, sizeof url, "%s/api/v2/Smart/Transactions/%s/start/cashless", base, id);
    post(curl, url, "", &answer);
    if (strstr(answer.text, "\"status\":\"ok\"") == NULL) {
        fprintf(stderr, "%s\n", answer.text);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    char header[512];
    struct curl_slist *headers = NULL;
    CURL *curl;
    int number;
    if (argc != 4) {
        fprintf(stderr, "%s BASE_URL TOKEN PAYMENTS\n", argv[0]);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
    snprintf(header, sizeof header, "Authorization: Bearer %s", argv[2]);
    headers = curl_slist_append(curl_slist_append(headers, header), "Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    pay(curl, argv[1], 0);
    for (number = 1; number <= atoi(argv[3]); number++) {
        double since = now();
        pay(curl, argv[1], number);
        printf("%.0f\n", now() - since);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return 0;
}
