/* secupos: card payments on a secuconnect terminal.
 *
 * A till takes a payment in five steps:
 *
 *     secupos_config *config = NULL;                      what the till is set up with
 *     secupos_config_new(&config, &error);
 *     secupos_config_set_environment(config, SECUPOS_ENVIRONMENT_PRODUCTION, &error);
 *     secupos_config_set_client_credentials(config, client_id, client_secret, &error);
 *     secupos_config_set_device_code(config, device_code, &error);
 *
 *     secupos_till *till = NULL;                          open once, keep it
 *     secupos_till_open(config, &till, &error);
 *
 *     secupos_sale *sale = NULL;                          12.50 EUR under the till's own number
 *     secupos_sale_new("2026-11-23/0042", 1250, "EUR", &sale, &error);
 *
 *     secupos_payment *payment = NULL;                    blocks until the customer has paid or not
 *     if (secupos_till_pay(till, sale, &payment, &error) != SECUPOS_OK) {
 *         puts(secupos_error_cashier_text(error, SECUPOS_LANGUAGE_GERMAN));      nothing was charged
 *     } else if (secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED) {
 *         ... do what secupos_payment_next_action() says: print, have it signed, print
 *     }
 *
 * examples/c/pay.c is the whole program.
 *
 * What a status and an outcome say of the money
 *   Any status but SECUPOS_OK from secupos_till_pay() or secupos_till_start_payment() means: this call sent nothing and
 *   charged nothing. SECUPOS_OK means: there is a payment, and its outcome says what became of it:
 *     APPROVED      money moved: print, have it signed if asked for, hand over the goods
 *     DECLINED      no money moved: offer another attempt (secupos_sale_set_attempt) or cash
 *     NOT_STARTED   no money moved, the terminal was never asked: offer another attempt
 *     UNKNOWN       in doubt: do not charge again; ask the cashier what the terminal shows
 *     REVERSED      it was paid and has been reversed
 *     PENDING       it is running
 *
 * Conventions
 *   Arguments     the object, inputs, outputs, and last an error, which may be NULL. Outputs and *error are cleared on
 *                 entry; on any status but SECUPOS_OK no output is set.
 *   Texts         in: NUL-terminated UTF-8, checked, copied. Out: borrowed from the object they were asked of, valid
 *                 until it is freed; NULL means absent. Windows-1252 must be converted first.
 *   Handles       opaque. What the caller owns it frees with its type's _free, never with free(). They may be freed in
 *                 any order. _free(NULL) does nothing; freeing never waits and never stops a payment.
 *   Numbers       money in minor units (cents) as int64_t, never a float; time in milliseconds since 1970 UTC; booleans
 *                 as int32_t 0 or 1. All constants are frozen; 0 is the safe reading of each.
 *   Threads       each type says "shared" (any thread, concurrently) or "exclusive" (one thread at a time).
 *   Processes     a till belongs to the process that opened it; after fork() the child gets FORKED.
 *   Faults        no panic leaves the library. It installs no signal handler and logs nothing by itself. Of the
 *                 environment it reads only where Linux keeps certificates (SSL_CERT_FILE, SSL_CERT_DIR).
 *
 * Made by cbindgen from src/ffi/. Do not edit: change the source and run "make header".
 */

#ifndef SECUPOS_H
#define SECUPOS_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define SECUPOS_API __declspec(dllimport)
#define SECUPOS_CALL __cdecl
#else
#define SECUPOS_API
#define SECUPOS_CALL
#endif

#ifdef __cplusplus
extern "C" {
#endif
