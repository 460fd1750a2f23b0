/* secupos: card payments on a secuconnect terminal.
 *
 * A whole till. It finishes what an earlier run has left, takes one payment and does what is to be done next:
 *
 *     // A till in C99: till BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE STATE_FILE REFERENCE [ATTEMPT [CENTS]]
 *     #include <secupos.h>
 *     #include <stdio.h>
 *     #include <stdlib.h>
 *
 *     static int refuse(secupos_error *error) // this call has sent nothing and charged nothing
 *     {
 *         puts(secupos_error_cashier_text(error, SECUPOS_LANGUAGE_GERMAN));
 *         fprintf(stderr, "%s\n", secupos_error_message(error));
 *         secupos_error_free(error);
 *         return 1;
 *     }
 *
 *     static int print_copy(const secupos_payment *payment, secupos_copy copy) // whether it is on paper
 *     {
 *         secupos_bytes *text = NULL;
 *         int printed = secupos_payment_render_receipt(payment, copy, NULL, &text, NULL) == SECUPOS_OK
 *             && fwrite(secupos_bytes_data(text), 1, secupos_bytes_len(text), stdout) == secupos_bytes_len(text);
 *         secupos_bytes_free(text);
 *         return printed;
 *     }
 *
 *     static int finish(const secupos_till *till, const secupos_payment *payment) // whether something else waits to be told
 *     {
 *         const secupos_outcome outcome = secupos_payment_outcome(payment);
 *         int printed = 1, check = 0;
 *         printf("%s, Versuch %d: %s\n", secupos_payment_reference(payment), (int)secupos_payment_attempt(payment),
 *             secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_GERMAN));
 *         for (size_t i = 0; i < secupos_payment_next_action_count(payment); i++)
 *             switch (secupos_payment_next_action(payment, i)) {
 *             case SECUPOS_ACTION_PRINT_MERCHANT: printed &= print_copy(payment, SECUPOS_COPY_MERCHANT); break;
 *             case SECUPOS_ACTION_PRINT_CUSTOMER: printed &= print_copy(payment, SECUPOS_COPY_CUSTOMER); break;
 *             case SECUPOS_ACTION_TAKE_SIGNATURE: puts(">> Bitte den Beleg unterschreiben lassen."); break;
 *             case SECUPOS_ACTION_TRY_AGAIN: puts(">> Ein neuer Versuch ist möglich."); break;
 *             case SECUPOS_ACTION_RECOVER_LATER: puts(">> Bitte später noch einmal fragen."); break;
 *             case SECUPOS_ACTION_LOOK_AT_TERMINAL: puts(">> Bitte auf das Kartengerät sehen."); break;
 *             case SECUPOS_ACTION_ASK_CASHIER: puts(">> Bitte klären: Was zeigen Beleg und Kasse?"); break;
 *             case SECUPOS_ACTION_REFUND: puts(">> Bitte dem Kunden das Geld erstatten."); break;
 *             case SECUPOS_ACTION_COLLECT: puts(">> Bitte das Geld beim Kunden einziehen."); break;
 *             case SECUPOS_ACTION_COLLECT_REST:
 *                 printf(">> Bitte den Rest kassieren: %lld Cent.\n", (long long)secupos_payment_amount_due(payment));
 *                 break;
 *             case SECUPOS_ACTION_CALL_SUPPORT: puts(">> Bitte den Service rufen."); break;
 *             case SECUPOS_ACTION_CHECK_UNFINISHED: check = 1; break;
 *             default: break; // of a newer library: the cashier's text says it
 *             }
 *         // Book it here by reference and attempt, on the till's own disk. Only then:
 *         if (printed && secupos_payment_reversal(payment) != SECUPOS_REVERSAL_UNKNOWN
 *             && (outcome == SECUPOS_OUTCOME_APPROVED || outcome == SECUPOS_OUTCOME_REVERSED
 *                 || secupos_payment_conflict(payment)))
 *             secupos_payment_acknowledge(payment, till, NULL);
 *         return check;
 *     }
 *
 *     static void finish_what_was_left(const secupos_till *till) // by a crash or a power cut; starts nothing
 *     {
 *         secupos_payment_list *left = NULL;
 *         secupos_error *error = NULL;
 *         if (secupos_till_recover_all(till, 60000, &left, &error) != SECUPOS_OK) // within a minute
 *             refuse(error);
 *         for (size_t i = 0; i < secupos_payment_list_count(left); i++)
 *             finish(till, secupos_payment_list_payment(left, i));
 *         secupos_payment_list_free(left);
 *     }
 *
 *     int main(int argc, char **argv)
 *     {
 *         secupos_error *error = NULL;
 *         secupos_config *config = NULL;
 *         secupos_till *till = NULL;
 *         secupos_sale *sale = NULL;
 *         secupos_payment *payment = NULL;
 *         int failed;
 *         if (argc < 7)
 *             return 2;
 *         if (secupos_config_new(&config, &error) != SECUPOS_OK
 *             || secupos_config_set_base_url(config, argv[1], &error) != SECUPOS_OK
 *             || secupos_config_set_client_credentials(config, argv[2], argv[3], &error) != SECUPOS_OK
 *             || secupos_config_set_device_code(config, argv[4], &error) != SECUPOS_OK
 *             || secupos_config_set_state_file(config, argv[5], SECUPOS_STATE_CREATE, &error) != SECUPOS_OK // set-up only
 *             || secupos_till_open(config, &till, &error) != SECUPOS_OK)
 *             return refuse(error);
 *         finish_what_was_left(till);
 *         if (secupos_sale_new(argv[6], argc > 8 ? atoi(argv[8]) : 1200, "EUR", &sale, &error) != SECUPOS_OK // or 12.00 EUR
 *             || secupos_sale_set_attempt(sale, argc > 7 ? atoi(argv[7]) : 1, &error) != SECUPOS_OK
 *             || secupos_till_pay(till, sale, &payment, &error) != SECUPOS_OK)    // blocks until there is an outcome
 *             refuse(error);
 *         else if (finish(till, payment))
 *             finish_what_was_left(till);
 *         failed = secupos_payment_outcome(payment) != SECUPOS_OUTCOME_APPROVED;
 *         secupos_payment_free(payment);
 *         secupos_sale_free(sale);
 *         secupos_till_free(till);
 *         secupos_config_free(config);
 *         return failed;
 *     }
 *
 * Try it against the simulator (secupos simulate). A till for production calls secupos_config_set_environment instead of
 * secupos_config_set_base_url, gives SECUPOS_STATE_CREATE only once, when it is set up, and keeps its secupos_till open
 * for as long as it runs. examples/c/pay.c does the same, a little more carefully.
 *
 * What a status and an outcome say of the money
 *   Any status but SECUPOS_OK from secupos_till_pay() or secupos_till_start_payment() means: this call sent nothing and
 *   charged nothing. SECUPOS_OK means: there is a payment, and its outcome says what became of it:
 *     APPROVED      money moved: do what the actions say, hand over the goods, acknowledge
 *     DECLINED      no money moved: offer another attempt (secupos_sale_set_attempt) or cash
 *     NOT_STARTED   no money moved, the terminal was never asked: offer another attempt or cash
 *     UNKNOWN       in doubt: do not charge again; ask the cashier what the terminal shows; recover it or decide
 *     REVERSED      it was paid and has been reversed
 *     PENDING       it is running
 *
 * What the cashier may do
 *   outcome       money         goods  card again  cash  acknowledge  what secupos_payment_next_action says
 *   APPROVED      moved         yes    no          no    yes          print_merchant, take_signature, print_customer
 *   DECLINED      did not move  no     yes         yes   no           try_again
 *   NOT_STARTED   did not move  no     yes         yes   no           try_again
 *   UNKNOWN       may have      no     no          no    no           look_at_terminal, ask_cashier, recover_later
 *   REVERSED      came back     no     no          yes   yes          print_customer
 *   PENDING       may move      no     no          no    no           nothing yet: wait
 *   "Card again" is the next attempt under the same reference. A signature is asked for where the receipt asks for it, and
 *   what was not sent is not printed. Some reasons add an action; docs/payment-safety.md has the whole table. "Cash" for
 *   an UNKNOWN payment is a decision: secupos_till_decide(), and then it is NOT_STARTED or APPROVED. Where only a part was
 *   charged the payment is APPROVED, and its last action is COLLECT_REST: secupos_payment_amount_due() says how much.
 *
 * References and attempts
 *   The reference is the till's own number for a sale, for ever: 1 to 64 bytes of composed text (NFC), without combining
 *   marks, control and format characters, and without a blank at either end. Each try to have the sale paid is an attempt,
 *   counted from 1 by the till. Book by both. Calls about an earlier payment take both, too: with attempt 0 they take the
 *   one that needs something, or else the one that took money, or else the last one. Where two attempts of the sale need
 *   something they are INVALID_STATE, and the message names the two.
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
 *   DAMAGED until a person has compared the last slips and secupos_till_accept_journal_loss() is called. That it is too old
 *   is noticed by its head, a small file beside it; secupos_config_set_head_file() puts that on another disk, so that no
 *   backup brings back both. It holds receipts with full account numbers; only its owner may read it (0600). It belongs to
 *   one host, client and device: should one of these get another name, secupos_till_rebind() says that it is the same till.
 *
 * After a crash, and each time the till is started
 *     secupos_payment_list *left = NULL;
 *     secupos_till_recover_all(till, 60000, &left, &error);                 starts nothing; takes a minute at most
 *     for (size_t i = 0; i < secupos_payment_list_count(left); i++) {
 *         const secupos_payment *payment = secupos_payment_list_payment(left, i);
 *         const secupos_outcome outcome = secupos_payment_outcome(payment);
 *         ... book it by reference and attempt, and do what secupos_payment_next_action() says
 *         if (secupos_payment_reversal(payment) != SECUPOS_REVERSAL_UNKNOWN
 *             && (outcome == SECUPOS_OUTCOME_APPROVED || outcome == SECUPOS_OUTCOME_REVERSED
 *                 || secupos_payment_conflict(payment)))
 *             secupos_payment_acknowledge(payment, till, &error);           what it told is not listed any more
 *     }
 *     secupos_payment_list_free(left);
 *   Do the same when the action of a payment is CHECK_UNFINISHED, after that payment is acknowledged.
 *   What asks for money is told once: REFUND, COLLECT and COLLECT_REST. The first payment that says it is the one to act on;
 *   what is told later says ASK_CASHIER, and the cashier's text when it was asked for. Lists tell nothing: in
 *   secupos_till_unfinished() and secupos_till_find_payments() these are RECOVER_LATER.
 *
 * When nobody knows
 *   An UNKNOWN payment is asked about again at each open, every 15 minutes while the till is idle, before the next payment,
 *   and by secupos_till_recover() and secupos_till_recover_all(). A person need not wait for that: secupos_till_decide()
 *   says for the till that it was paid or not, with a name and a reason; of a reversal, secupos_till_decide_reversal(). The
 *   service is still asked for 7 days. Should it contradict, the payment is unfinished again, with
 *   secupos_payment_conflict(). Then its first action is REFUND if the sale was charged more than once, COLLECT if a person
 *   took it for paid and it was not; otherwise ASK_CASHIER or CALL_SUPPORT.
 *   Meanwhile the next customer is protected. While a payment or a reversal is in doubt and may still reach the terminal,
 *   the next payment is NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY. That ends with a decision or with the grace: the
 *   timeouts for connecting and for a request, that for the payment but at least 300 s, and 30 s. With the defaults these
 *   are 370 s during which the machine was awake; setting its clock shortens nothing. A payment over the same amount is
 *   refused with POSSIBLE_DUPLICATE for an hour, until secupos_sale_confirm_not_duplicate().
 *
 * Aborting
 *   secupos_payment_abort() may be called from any thread and has three answers: ABANDONED, it will never be started;
 *   AT_TERMINAL, only STOP at the terminal can stop it; TOO_LATE, it has its outcome. The payment wins: wait for its
 *   outcome in any case. Leaving a wait, freeing a handle and closing the till stop nothing.
 *
 * Threads
 *   One thread: secupos_till_start_payment(), then secupos_payment_wait(payment, 0, ...) from the timer of the window,
 *   until it is no longer PENDING. Nothing blocks; secupos_payment_abort() sits behind the button.
 *   Two threads: one blocks in secupos_till_pay(), the other aborts, with the payment that secupos_till_recover() gives.
 *   Many: a till, a payment, a list, a receipt and bytes are shared: call whatever you like from wherever you like, only
 *   not _free while another call on the same handle runs. Settings, a sale and render options are exclusive: make them,
 *   use them and free them in one thread, or lock around them. A till takes one payment at a time all the same: the
 *   second gets BUSY. The library's own threads call nothing of yours but the callback of the log, if you set one.
 *
 * Shutting down
 *   1. Take no new payment. Let go of the one that runs, or secupos_payment_abort() it; either way
 *   2. secupos_payment_wait(payment, some seconds, ...). If it is still PENDING, leave it: it stands in the state file.
 *   3. Free everything, in any order. This neither waits nor stops anything.
 *   4. Return from main(). What was running is told by secupos_till_recover_all() the next time.
 *   A power cut does the same without asking, so nothing that counts depends on these four.
 *
 * What each status tells the cashier (secupos_error_cashier_text, there in German too)
 *   10 NULL_ARGUMENT         Fault in the till program: an argument is missing. Nothing was sent. Please call the
 *                           till's maker.
 *   11 INVALID_UTF8          Fault in the till program: a text is not UTF-8. Nothing was sent. Please call the till's
 *                           maker.
 *   12 INVALID_ARGUMENT      A value from the till is not valid. Nothing was sent. Please check the entry.
 *   13 INVALID_HANDLE        Fault in the till program: wrong object. Nothing was sent. Please call the till's maker.
 *   14 INVALID_STATE         This is not possible at the moment. Nothing was sent.
 *   20 MISSING               The till's state file is missing. Nothing was sent. Please call the till's maker.
 *   21 LOCKED                Another program is using this till. Nothing was sent from here. Please finish there.
 *   22 DAMAGED               The till's state file is damaged. Nothing was sent. Please call the till's maker.
 *   23 MISMATCH              The state file belongs to another till. Nothing was sent. Please check the settings.
 *   24 TOO_NEW               The state file was written by a newer version. Nothing was sent. Please update secupos.
 *   25 JOURNAL_FAILED        The till cannot write to its disk. Nothing was charged. Please check the free space.
 *   30 CONFLICT              This sale's number has been used before. Nothing was sent. Please look at the earlier
 *                           payment.
 *   31 CLOSED                This sale's number is closed. Nothing was sent. Please use a new number.
 *   32 POSSIBLE_DUPLICATE    The same amount is still in doubt in an earlier payment. Nothing was sent. Please settle
 *                           that one first.
 *   33 ATTEMPT_OUT_OF_ORDER  Fault in the till program: this attempt is not the next one. Nothing was sent.
 *   34 NOT_FOUND             There is no payment with this number. Nothing was sent.
 *   35 BUSY                  The terminal is busy with something else. Nothing was sent. Please wait.
 *   36 CONFIRMATION_REQUIRED This payment is older than a day. Nothing was sent. Please confirm the reversal explicitly.
 *   40 NOT_REGISTERED        This till is not registered. Nothing was charged. Please register it with secuconnect.
 *   41 DENIED                The till's registration was denied. Nothing was charged. Please register again.
 *   42 EXPIRED               The till's registration has expired. Nothing was charged. Please register again.
 *   43 INVALID_CREDENTIALS   secuconnect does not accept the till's credentials. Nothing was charged. Please check the
 *                           settings.
 *   50 UNREACHABLE           No connection to the payment service. Please check the network.
 *   51 TLS                   The secure connection to the payment service failed. Please check the till's clock and
 *                           network.
 *   52 TIMEOUT               The payment service did not answer in time. Please check the network.
 *   53 PROXY                 The proxy refused the connection to the payment service. Please check the settings.
 *   60 REFUSED               The payment service refused the request. Please see what it says.
 *   61 FAILED                The payment service has a fault. Please wait a moment.
 *   62 PROTOCOL              The payment service sent an answer that makes no sense. Please call the till's maker.
 *   70 MALFORMED             The receipt cannot be read. Please call the till's maker.
 *   71 TOO_LARGE             The receipt is too large. Please call the till's maker.
 *   90 INTERNAL              Internal fault in secupos. Please call the till's maker.
 *   91 FORKED                Fault in the till program: this object belongs to another process. Nothing was sent.
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
 *   Waiting       secupos_till_pay, secupos_till_recover_all and the three that are called _wait wait for the network and
 *                 the customer, and secupos_end_logs for callbacks of the log; nothing else waits. A program with one
 *                 thread uses secupos_till_start_payment and secupos_payment_wait(payment, 0, ...).
 *   Numbers       money in minor units (cents) as int64_t, never a float; time in milliseconds since 1970 UTC; booleans
 *                 as int32_t 0 or 1. All constants are frozen. What an outcome, a reversal or a report may be that this
 *                 program has not heard of reads as 0: in doubt.
 *   Threads       each type says "shared" (any thread, concurrently) or "exclusive" (one thread at a time).
 *   Processes     a till belongs to the process that opened it; after fork() the child gets FORKED, and keeps nothing
 *                 locked. It may open a till of its own as soon as nobody else has the state file open and it has freed
 *                 the one that it has inherited, which does nothing to the parent's.
 *   Faults        no panic leaves the library. It installs no signal handler and logs nothing by itself. Of the
 *                 environment it reads only where Linux keeps certificates (SSL_CERT_FILE, SSL_CERT_DIR) and, where
 *                 a till asks for it with secupos_config_set_proxy, the proxy.
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
