/* secupos: card payments on a secuconnect terminal.
 *
 * A till takes a payment in five steps:
 *
 *     secupos_config *config = NULL;                      what the till is set up with
 *     secupos_config_new(&config, &error);
 *     secupos_config_set_environment(config, SECUPOS_ENVIRONMENT_PRODUCTION, &error);
 *     secupos_config_set_client_credentials(config, client_id, client_secret, &error);
 *     secupos_config_set_device_code(config, device_code, &error);
 *     secupos_config_set_state_file(config, "/var/lib/till/secupos.db", 0, &error);
 *
 *     secupos_till *till = NULL;                          open once, keep it
 *     secupos_till_open(config, &till, &error);
 *
 *     ... what the last run left open: see "After a crash" below
 *
 *     secupos_sale *sale = NULL;                          12.50 EUR under the till's own number
 *     secupos_sale_new("2026-11-23/0042", 1250, "EUR", &sale, &error);
 *
 *     secupos_payment *payment = NULL;                    blocks until the customer has paid or not
 *     if (secupos_till_pay(till, sale, &payment, &error) != SECUPOS_OK) {
 *         puts(secupos_error_cashier_text(error, SECUPOS_LANGUAGE_GERMAN));      nothing was charged
 *     } else {
 *         ... do what secupos_payment_next_action() says: print, have it signed, print, try again
 *         if (secupos_payment_outcome(payment) == SECUPOS_OUTCOME_APPROVED)
 *             secupos_till_acknowledge(till, "2026-11-23/0042", &error);         once it is booked and printed
 *     }
 *
 * examples/c/pay.c is the whole program.
 *
 * What a status and an outcome say of the money
 *   Any status but SECUPOS_OK from secupos_till_pay() or secupos_till_start_payment() means: this call sent nothing and
 *   charged nothing. SECUPOS_OK means: there is a payment, and its outcome says what became of it:
 *     APPROVED      money moved: print, have it signed if asked for, hand over the goods, acknowledge
 *     DECLINED      no money moved: offer another attempt (secupos_sale_set_attempt) or cash
 *     NOT_STARTED   no money moved, the terminal was never asked: offer another attempt
 *     UNKNOWN       in doubt: do not charge again; ask the cashier what the terminal shows; recover it or decide
 *     REVERSED      it was paid and has been reversed
 *     PENDING       it is running
 *
 * Paying again is always safe
 *   secupos_till_pay() is idempotent in the sale's (reference, attempt): after an error, a time-out, a crash or a power cut
 *   call it again with the same two. It joins the payment if it is running, goes on finding out if it is in doubt, and
 *   tells the stored result, receipts included, if there is one (secupos_payment_replayed). It never begins another
 *   attempt by itself: after DECLINED or NOT_STARTED the till asks for attempt + 1. The errors CONFLICT, CLOSED,
 *   ATTEMPT_OUT_OF_ORDER, POSSIBLE_DUPLICATE and BUSY say why it would not begin; each is explained there.
 *
 * The state file
 *   One state file is one till is one terminal. Nothing is sent to the terminal that does not stand in it first. Make it
 *   once, when the till is set up, with SECUPOS_STATE_CREATE; from then on open it without, so that a lost one is noticed
 *   (MISSING). Keep it on a local disk, no network share. Never delete, copy, restore or share it, nor what stands beside
 *   it under the same name: it is what remembers the payment whose answer never came. A second program that opens it gets
 *   LOCKED. One that is damaged or older than it should be is set aside, never overwritten, and payments are refused with
 *   DAMAGED until a person has compared the last slips and secupos_till_accept_journal_loss() is called. It holds receipts
 *   with full account numbers; only its owner may read it (0600).
 *
 * After a crash, and each time the till is started
 *     secupos_payment_list *open = NULL;
 *     secupos_till_unfinished(till, &open, &error);                              no network, never waits
 *     for (size_t i = 0; i < secupos_payment_list_count(open); i++) {
 *         const char *reference = secupos_payment_reference(secupos_payment_list_payment(open, i));
 *         secupos_payment *payment = NULL;
 *         secupos_outcome outcome;
 *         secupos_till_recover(till, reference, &payment, &error);               starts nothing
 *         secupos_payment_wait(payment, -1, &outcome, &error);
 *         ... book it and do what secupos_payment_next_action() says
 *         if (outcome == SECUPOS_OUTCOME_APPROVED || outcome == SECUPOS_OUTCOME_REVERSED
 *             || secupos_payment_conflict(payment))
 *             secupos_till_acknowledge(till, reference, &error);                 not listed any more
 *         secupos_payment_free(payment);
 *     }
 *     secupos_payment_list_free(open);
 *
 * When nobody knows
 *   An UNKNOWN payment is asked about again at each open, before the next payment and by secupos_till_recover(). A person
 *   need not wait for that: secupos_till_decide() says for the till that it was paid or not, with a name and a reason. The
 *   service is still asked for 7 days; should it say otherwise, secupos_till_unfinished() lists the payment with
 *   secupos_payment_conflict(), and its first action says REFUND or COLLECT. Meanwhile the next customer is protected: the
 *   next payment is NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY while the terminal may still take the last one, and one
 *   over the same amount is refused with POSSIBLE_DUPLICATE until secupos_sale_confirm_not_duplicate().
 *
 * Aborting
 *   secupos_payment_abort() may be called from any thread and has three answers: ABANDONED, it will never be started;
 *   AT_TERMINAL, only STOP at the terminal can stop it; TOO_LATE, it has its outcome. The payment wins: wait for its
 *   outcome in any case. Leaving a wait, freeing a handle and closing the till stop nothing.
 *
 * Conventions
 *   Arguments     the object, inputs, outputs, and last an error, which may be NULL. Outputs and *error are cleared on
 *                 entry; on any status but SECUPOS_OK no output is set.
 *   Texts         in: NUL-terminated UTF-8, checked, copied. Out: borrowed from the object they were asked of, valid
 *                 until it is freed; NULL means absent. Windows-1252 must be converted first.
 *   Handles       opaque. What the caller owns it frees with its type's _free, never with free(). They may be freed in
 *                 any order: a payment outlives its till, a receipt its payment. What is borrowed (texts, an error, a
 *                 payment of a list) lives as long as what it was asked of, and is not freed. _free(NULL) does nothing;
 *                 freeing never waits and never stops a payment.
 *   Waiting       secupos_till_pay and secupos_payment_wait wait for the network and the customer; nothing else does. A
 *                 program with one thread uses secupos_till_start_payment and secupos_payment_wait(payment, 0, ...).
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
