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

/* Types ------------------------------------------------------------------------------------------------------------ */

/**
 * Why a call failed. Shared: never changes, may be read from any thread. Holds no secret and no receipt: it may be
 * logged and shown.
 */
typedef struct secupos_error secupos_error;

/**
 * A till's settings. Exclusive: one thread at a time. May be freed as soon as the till is open, and used for
 * several tills.
 */
typedef struct secupos_config secupos_config;

/**
 * A till: one state file, one terminal, one payment at a time. Shared: any thread, concurrently. Open one and keep it for
 * as long as the program runs.
 */
typedef struct secupos_till secupos_till;

/** A registration that is going on, or has ended. Shared: any thread, concurrently. */
typedef struct secupos_registration secupos_registration;

/**
 * What the till wants to be paid for. Exclusive: one thread at a time. May be freed as soon as the payment has
 * been started.
 */
typedef struct secupos_sale secupos_sale;

/** One copy of a receipt. Shared: never changes, may be read from any thread. */
typedef struct secupos_receipt secupos_receipt;

/**
 * How a receipt is rendered. Exclusive: one thread at a time; may be used for any number of receipts. What a format has
 * no use for is ignored by it. NULL in its place means UTF-8 text, 42 columns.
 */
typedef struct secupos_render_options secupos_render_options;

/**
 * Bytes: a rendered receipt, or JSON. Shared: never changes, may be read from any thread. A NUL follows the last
 * byte, so that text may be used as a C string.
 */
typedef struct secupos_bytes secupos_bytes;

/**
 * A payment. Shared: any thread, concurrently. It changes once, from pending to its result; until then the getters
 * of the result give NULL or 0. An unknown one stays unknown too: secupos_till_recover gives a new one that knows more.
 * Freeing it neither waits nor stops anything.
 */
typedef struct secupos_payment secupos_payment;

/**
 * Payments, the oldest first. Shared: never changes, may be read from any thread; its payments may, while they are
 * running.
 */
typedef struct secupos_payment_list secupos_payment_list;

/**
 * A report. Shared: any thread, concurrently. It changes once, from pending to its result. Freeing it neither waits nor
 * stops anything.
 */
typedef struct secupos_report secupos_report;

/* The functions, by what they are about; each name begins with secupos_.
 *
 * Statuses and errors
 *   error_status error_message error_cashier_text error_http_status error_server_code error_server_text
 *   error_support_id error_retry_after_ms error_free
 *
 * Versions
 *   version abi_version status_name
 *
 * Settings
 *   config_new config_free config_set_environment config_set_base_url config_set_client_credentials
 *   config_set_device_code config_add_ca_file config_set_proxy config_set_user_agent_suffix config_set_state_file
 *   config_set_head_file config_set_timeout_ms
 *
 * The log
 *   config_set_log end_logs
 *
 * Tills
 *   till_open till_free till_pay till_start_payment till_unfinished till_recover till_recover_all till_reverse
 *   till_reverse_confirmed till_to_json till_acknowledge payment_acknowledge till_decide till_decide_reversal
 *   till_rebind till_find_payments till_accept_journal_loss
 *
 * Registering a till
 *   till_register till_registration_state registration_user_code registration_verification_url registration_expires_at
 *   registration_wait registration_free
 *
 * Sales
 *   sale_new sale_set_attempt sale_add_item sale_add_coupon sale_add_item_group sale_set_gratuity
 *   sale_set_transaction_ref sale_confirm_not_duplicate sale_free
 *
 * The archive
 *   till_verify_archive till_export_day till_prune_archive
 *
 * Receipts
 *   receipt_parse receipt_free receipt_line_count receipt_line_type receipt_line_text receipt_line_name
 *   receipt_line_value receipt_line_is_important receipt_line_alignment receipt_field receipt_signature receipt_render
 *   receipt_replaced receipt_to_json
 *
 * Rendering receipts
 *   render_options_new render_options_set_format render_options_set_columns render_options_set_code_page
 *   render_options_set_cut render_options_set_feed render_options_set_duplicate render_options_set_language
 *   render_options_set_prefix render_options_set_suffix render_options_free
 *
 * Bytes
 *   bytes_data bytes_len bytes_free
 *
 * Payments
 *   payment_wait payment_abort payment_free payment_outcome payment_reason payment_reversal payment_basis
 *   payment_replayed payment_conflict payment_next_action_count payment_next_action payment_reference payment_attempt
 *   payment_transaction_id payment_status_text payment_amount payment_amount_charged payment_amount_due
 *   payment_currency payment_receipt_number payment_created_at payment_settled_at payment_signature
 *   payment_merchant_receipt_due payment_receipts_pruned payment_cashier_text payment_error payment_receipt
 *   payment_render_receipt payment_to_json
 *
 * Lists of payments
 *   payment_list_count payment_list_payment payment_list_free
 *
 * Reports of the terminal: end of day, diagnosis
 *   till_run_end_of_day till_run_diagnosis report_wait report_render report_to_json report_error report_free
 */

/* Languages -------------------------------------------------------------------------------------------------------- */

/** The language of a text for the cashier. Any other number reads as German. */
typedef int32_t secupos_language;

/** German. */
#define SECUPOS_LANGUAGE_GERMAN 1

/** English. */
#define SECUPOS_LANGUAGE_ENGLISH 2

/* Statuses and errors ---------------------------------------------------------------------------------------------- */

/**
 * What a call came to: SECUPOS_OK or one of SECUPOS_STATUS_*. The numbers are frozen.
 *
 * Any status but SECUPOS_OK means that this call sent no start: no money moved because of it. What became of a payment
 * is never told by a status, always by its outcome.
 */
typedef int32_t secupos_status;

/** It worked. */
#define SECUPOS_OK 0

/** A required pointer was NULL. */
#define SECUPOS_STATUS_NULL_ARGUMENT 10

/** A string was not valid UTF-8. */
#define SECUPOS_STATUS_INVALID_UTF8 11

/** An argument has a value that cannot be used; the message names both. */
#define SECUPOS_STATUS_INVALID_ARGUMENT 12

/** A handle of another type, or one that a panic has made unusable. */
#define SECUPOS_STATUS_INVALID_HANDLE 13

/** The call does not fit what the object has been through. */
#define SECUPOS_STATUS_INVALID_STATE 14

/** The state file does not exist. */
#define SECUPOS_STATUS_MISSING 20

/** Another process uses the state file. */
#define SECUPOS_STATUS_LOCKED 21

/** The state file is damaged. */
#define SECUPOS_STATUS_DAMAGED 22

/** The state file belongs to another till. */
#define SECUPOS_STATUS_MISMATCH 23

/** The state file was written by a newer secupos. */
#define SECUPOS_STATUS_TOO_NEW 24

/** The journal could not be written. */
#define SECUPOS_STATUS_JOURNAL_FAILED 25

/** The reference was used before, with other values or in a way that cannot be repeated. */
#define SECUPOS_STATUS_CONFLICT 30

/** The reference is closed. */
#define SECUPOS_STATUS_CLOSED 31

/** The same amount is in doubt under another reference. */
#define SECUPOS_STATUS_POSSIBLE_DUPLICATE 32

/** The attempt is not the next one. */
#define SECUPOS_STATUS_ATTEMPT_OUT_OF_ORDER 33

/** No payment has this reference. */
#define SECUPOS_STATUS_NOT_FOUND 34

/** The till is busy with another operation. */
#define SECUPOS_STATUS_BUSY 35

/** A person at the till must confirm it first. */
#define SECUPOS_STATUS_CONFIRMATION_REQUIRED 36

/** The till has not been registered. */
#define SECUPOS_STATUS_NOT_REGISTERED 40

/** The registration was denied. */
#define SECUPOS_STATUS_DENIED 41

/** The registration was not confirmed in time. */
#define SECUPOS_STATUS_EXPIRED 42

/** The server does not accept the client's id, secret or device code. */
#define SECUPOS_STATUS_INVALID_CREDENTIALS 43

/** The server could not be reached. */
#define SECUPOS_STATUS_UNREACHABLE 50

/** TLS failed: the server could not prove who it is. */
#define SECUPOS_STATUS_TLS 51

/** The server did not answer in time. */
#define SECUPOS_STATUS_TIMEOUT 52

/** The proxy refused. */
#define SECUPOS_STATUS_PROXY 53

/** The server refused the request. */
#define SECUPOS_STATUS_REFUSED 60

/** The server failed. */
#define SECUPOS_STATUS_FAILED 61

/** The server's answer makes no sense. */
#define SECUPOS_STATUS_PROTOCOL 62

/** What should be a receipt is none. */
#define SECUPOS_STATUS_MALFORMED 70

/** The receipt is larger than any receipt. */
#define SECUPOS_STATUS_TOO_LARGE 71

/** A fault in secupos itself. */
#define SECUPOS_STATUS_INTERNAL 90

/** The process was forked after the till was opened. */
#define SECUPOS_STATUS_FORKED 91

/**
 * What went wrong: the status that the call returned.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_error_status(const secupos_error *error);

/**
 * What went wrong, for the programmer and the log, in English. Names the argument at fault.
 *
 * Ownership: borrowed from the error. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_message(const secupos_error *error);

/**
 * What happened and what to do now, for the person at the till, with the server's own words where it sent some.
 *
 * Ownership: borrowed from the error. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_cashier_text(const secupos_error *error, secupos_language language);

/**
 * The HTTP status of the server's answer; 0 if there was none.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_error_http_status(const secupos_error *error);

/**
 * The server's code: a number such as "2003", or an OAuth word such as "invalid_client"; NULL if it sent none.
 *
 * Ownership: borrowed from the error. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_server_code(const secupos_error *error);

/**
 * The server's text for the user (`error_user`), usually German; NULL if it sent none.
 *
 * Ownership: borrowed from the error. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_server_text(const secupos_error *error);

/**
 * What the help desk asks for (`supportId`); NULL if the server sent none.
 *
 * Ownership: borrowed from the error. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_support_id(const secupos_error *error);

/**
 * How long the server asks to wait, in milliseconds; 0 if it does not.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_error_retry_after_ms(const secupos_error *error);

/**
 * Frees an error.
 *
 * Ownership: ends the caller's. Not for an error that was borrowed (secupos_payment_error). NULL: does nothing.
 * Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_error_free(secupos_error *error);

/* Versions --------------------------------------------------------------------------------------------------------- */

/**
 * The version of the binary interface that this header describes. It changes only when something breaks; compare it
 * with secupos_abi_version() where the library is loaded at run time.
 */
#define SECUPOS_ABI_VERSION 1

/**
 * The library's version, for example "0.1.0".
 *
 * Ownership: borrowed, for ever. NULL: never returned. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_version(void);

/**
 * The version of the library's binary interface. If it is not SECUPOS_ABI_VERSION, this header does not describe the
 * library that was loaded: do not call anything else.
 *
 * Ownership: none. NULL: none. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API uint32_t SECUPOS_CALL secupos_abi_version(void);

/**
 * The name of a status without its prefix, for logs: "OK", "BUSY", …; "?" for a number that is none.
 *
 * Ownership: borrowed, for ever. NULL: never returned. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_status_name(secupos_status status);

/* Settings --------------------------------------------------------------------------------------------------------- */

/** One of the vendor's installations. */
typedef int32_t secupos_environment;

/** How the state file is opened. */
typedef int32_t secupos_state_flags;

/** What can take too long. */
typedef int32_t secupos_timeout;

/** Where tills take money. */
#define SECUPOS_ENVIRONMENT_PRODUCTION 1

/** Where tills are tried out. Terminal payments move real money there too: try with cents. */
#define SECUPOS_ENVIRONMENT_TESTING 2

/** Name lookup, connecting, TLS. Default 10 000 ms. */
#define SECUPOS_TIMEOUT_CONNECT 1

/** Every request but the payment itself. Default 30 000 ms. */
#define SECUPOS_TIMEOUT_REQUEST 2

/** The customer at the terminal. Default 300 000 ms, at most 600 000. */
#define SECUPOS_TIMEOUT_PAYMENT 3

/** Reading a payment in doubt, before it is called unknown. Default 90 000 ms. */
#define SECUPOS_TIMEOUT_RESOLVE 4

/** A reversal, an end of day or a diagnosis at the terminal. Default 180 000 ms. */
#define SECUPOS_TIMEOUT_REPORT 6

/**
 * Makes the state file if there is none. Once, when the till is set up: a till that makes a new file each day forgets
 * what was in doubt.
 */
#define SECUPOS_STATE_CREATE 1

/**
 * Makes empty settings.
 *
 * Ownership: the caller frees *out with secupos_config_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: NULL_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_new(secupos_config **out, secupos_error **error);

/**
 * Frees settings. Tills that were opened with them live on.
 *
 * Ownership: ends the caller's. NULL: does nothing. Threads: exclusive. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_config_free(secupos_config *config);

/**
 * Chooses one of the vendor's installations. This or secupos_config_set_base_url is needed; the later call counts.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT for a number that is no environment.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_environment(
    secupos_config *config, secupos_environment environment, secupos_error **error);

/**
 * Sets the address of the API, for example `https://connect.secucard.com`. Must be https; plain http is taken only
 * for this machine itself (127.0.0.1, ::1, localhost), for a simulator.
 *
 * Ownership: url is copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_base_url(
    secupos_config *config, const char *url, secupos_error **error);

/**
 * Sets the vendor's client id and secret. Needed always.
 *
 * Ownership: texts are copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_client_credentials(
    secupos_config *config, const char *id, const char *secret, secupos_error **error);

/**
 * Sets the code of a device that is registered already, elsewhere; a till that is to be registered by
 * secupos_till_register is opened without. With it the till logs in as that device (the merchant and the
 * terminal follow from it), without it as the vendor's client; never one in place of the other.
 *
 * Ownership: code is copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_device_code(
    secupos_config *config, const char *code, secupos_error **error);

/**
 * Trusts the certificates in a PEM file too, in addition to the system's roots. TLS is always verified; there is no
 * switch to turn that off. The file is read now.
 *
 * Ownership: ca_file is copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT if the file cannot be read or holds no certificate, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_add_ca_file(
    secupos_config *config, const char *ca_file, secupos_error **error);

/**
 * Goes through an HTTP proxy, for example `http://proxy.example:3128`. Nothing goes through one unless this is called. The
 * connection to the service stays encrypted from end to end: the proxy opens a tunnel (CONNECT).
 *
 * url: also the word `environment`: whatever proxy HTTPS_PROXY or ALL_PROXY names, but for the hosts in NO_PROXY; none if
 * they are not set, and what cannot be read there is as if it were not set. The environment is not asked otherwise. What
 * fails on such a way is UNREACHABLE, not PROXY. A service on this machine that is reached without TLS is reached without
 * a proxy, too.
 * user and password: both, or NULL for none, as for `environment`, whose URL says them itself.
 *
 * Ownership: texts are copied. NULL: user and password may be NULL, and error. Threads: exclusive.
 * Errors: INVALID_ARGUMENT, INVALID_UTF8, NULL_ARGUMENT if only one of user and password is given.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_proxy(
    secupos_config *config, const char *url, const char *user, const char *password, secupos_error **error);

/**
 * Adds the till's own name to the User-Agent that the library sends, such as "Kasse/3.2": up to 100 bytes of visible ASCII.
 *
 * Ownership: suffix is copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_user_agent_suffix(
    secupos_config *config, const char *suffix, secupos_error **error);

/**
 * Says where the till keeps what it must not forget. Needed always. See "The state file" at the top.
 *
 * state_file: a file on a local disk, in a folder that exists; what belongs to it is kept beside it under the same name
 * with more behind it (.head, .lock, .reserve, …). A path that is not absolute begins at the folder in which the program
 * runs when the till is opened. flags: 0, or SECUPOS_STATE_CREATE at set-up.
 *
 * Ownership: state_file is copied. NULL: no argument but error may be NULL. Threads: exclusive. Uses no disk yet.
 * Errors: INVALID_ARGUMENT for an empty path or flags that are none, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_state_file(
    secupos_config *config, const char *state_file, secupos_state_flags flags, secupos_error **error);

/**
 * Keeps the head of the state file, by which a loss is noticed, somewhere else than beside it: best on another disk, so that
 * one backup cannot bring back both. Set it at set-up, and the same ever after: a head that is not there is a loss.
 *
 * head_file: a file on a local disk, in a folder that exists. A path that is not absolute begins at the folder in which the
 * program runs when the till is opened.
 *
 * Ownership: head_file is copied. NULL: no argument but error may be NULL. Threads: exclusive. Uses no disk yet.
 * Errors: INVALID_ARGUMENT for an empty path, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_head_file(
    secupos_config *config, const char *head_file, secupos_error **error);

/**
 * Sets one timeout in milliseconds, from 100 to 3 600 000; SECUPOS_TIMEOUT_PAYMENT to 600 000 at most;
 * SECUPOS_TIMEOUT_RESOLVE may be 0 (read once).
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_timeout_ms(
    secupos_config *config, secupos_timeout which, int64_t ms, secupos_error **error);

/* The log ---------------------------------------------------------------------------------------------------------- */

/** How much a line of the log matters. A log has the lines of its level and those that matter more. */
typedef int32_t secupos_log_level;

/** Takes one line of the log: UTF-8 without a line break, valid until the callback returns. Must not throw. */
typedef void (SECUPOS_CALL *secupos_log_callback)(secupos_log_level level, const char *line, void *userdata);

/** Frees what was given as userdata. Must not throw. */
typedef void (SECUPOS_CALL *secupos_free_callback)(void *userdata);

/** No lines. */
#define SECUPOS_LOG_OFF 0

/** Something is broken: the disk, secupos itself. */
#define SECUPOS_LOG_ERROR 1

/** Something failed that may mend itself, or a payment is in doubt. */
#define SECUPOS_LOG_WARNING 2

/** What a till does: opened, each payment's beginning and end. */
#define SECUPOS_LOG_INFO 3

/** Each request: method, path, HTTP status, time, and which payment it is about. */
#define SECUPOS_LOG_DEBUG 4

/**
 * Gives the log of the tills that are opened with these settings from now on to a callback, in place of the one before;
 * tills that are open keep theirs. Without it nothing is logged. No line holds a secret, a receipt or an account number, at
 * no level.
 *
 * The callback is called on a thread of the library's own, one line after the other, while a payment goes on elsewhere: it
 * may take its time (up to 1024 lines wait for it; further ones are dropped, and a line says how many), call this library,
 * free the till. It ends with the last line, as soon as these settings and all tills opened with them are freed and their last
 * payment has settled, or secupos_end_logs is called.
 *
 * level: with SECUPOS_LOG_OFF the callback may be NULL.
 *
 * Ownership: userdata is the callback's, and the library's to free, by one call of userdata_free: after the last line, or
 * before this call returns if it fails or the level is OFF. NULL: userdata and userdata_free may be NULL, and error.
 * Threads: exclusive. Errors: INVALID_ARGUMENT for a level that is none, NULL_ARGUMENT, INTERNAL if there is no thread for
 * it.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_log(
    secupos_config *config, secupos_log_level level, secupos_log_callback callback, void *userdata,
    secupos_free_callback userdata_free, secupos_error **error);

/**
 * Ends all logs of this process. When it returns, no callback of theirs is running, none will be called any more, and each
 * userdata_free has been called; it waits for those that are running. Tills and payments go on, and log nothing more. For a
 * runtime that is about to leave, and must not be called into after that; a C program need not call it.
 *
 * Every thread that calls it waits for that. A callback that calls it itself waits for none, and ends when it returns.
 *
 * Ownership: none. NULL: none. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_end_logs(void);

/* Tills ------------------------------------------------------------------------------------------------------------ */

/** What a person says of a payment in doubt. */
typedef int32_t secupos_decision;

/** What a person says of a reversal in doubt. */
typedef int32_t secupos_reversal_decision;

/** The customer has paid: there is a slip, or the terminal shows it. */
#define SECUPOS_DECISION_PAID 1

/** The customer has not paid. */
#define SECUPOS_DECISION_NOT_PAID 2

/** The money has gone back: there is a slip, or the terminal shows it. */
#define SECUPOS_REVERSAL_DECISION_REVERSED 1

/** It has not. */
#define SECUPOS_REVERSAL_DECISION_NOT_REVERSED 2

/**
 * Opens a till and its state file. Waits for no network: wrong credentials show with the first payment. What was left in
 * doubt is asked about in the background; call secupos_till_recover_all next.
 *
 * Ownership: config is only read; the caller frees *out with secupos_till_free. NULL: no argument but error may be
 * NULL. Threads: any. Errors: INVALID_ARGUMENT if the settings are incomplete; MISSING if there is no state file and
 * SECUPOS_STATE_CREATE was not given, or no folder for it; LOCKED if it is in use, here or in another process, also by
 * a payment that goes on after its till was freed, and in a forked child until secupos_till_free of the till that it
 * has inherited; MISMATCH if it is another till's (base URL, client or device; if it is the same till all the same,
 * secupos_till_rebind); TOO_NEW if a newer secupos wrote it; JOURNAL_FAILED if it cannot be written; TLS if the
 * system's roots cannot be read; INTERNAL. A file that is damaged or lost opens: it is set aside, what can be read of
 * it is kept, and payments are refused with DAMAGED until secupos_till_accept_journal_loss.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_open(
    const secupos_config *config, secupos_till **out, secupos_error **error);

/**
 * Closes a till. Never waits and never stops a payment: one that is running goes on, and its secupos_payment tells
 * what became of it. The state file is let go at once, or, where a payment is running, a moment after that is done.
 *
 * Ownership: ends the caller's. NULL: does nothing. Threads: any, but no other call may begin on this till after it.
 * Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_till_free(secupos_till *till);

/**
 * Takes a card payment and blocks until it has an outcome, which may take minutes. The same as
 * secupos_till_start_payment followed by secupos_payment_wait without a limit. Another thread that wants to abort it gets
 * the running payment from secupos_till_recover.
 *
 * SECUPOS_OK means that there is a payment in *out, whatever became of it: look at its outcome. Any other status means
 * that this call sent nothing and charged nothing.
 *
 * Calling it again is always safe, after an error, a crash or a power cut: it is idempotent in (reference, attempt), see
 * secupos_till_start_payment.
 *
 * Ownership: sale is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
 * NULL. Threads: any; blocks the calling one. Errors: as for secupos_till_start_payment.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_pay(
    const secupos_till *till, const secupos_sale *sale, secupos_payment **out, secupos_error **error);

/**
 * Begins a card payment and returns at once. Ask with secupos_payment_wait what became of it.
 *
 * SECUPOS_OK means that there is a payment in *out, whatever becomes of it. Any other status means that this call
 * sent nothing and charged nothing.
 *
 * Idempotent in the sale's (reference, attempt). By what the state file knows of them, it:
 *   nothing yet                takes the payment;
 *   it is running              gives the same payment: two callers, one charge;
 *   it is in doubt             goes on finding out what became of it, and starts nothing;
 *   it has an outcome          tells that again, receipts included, with secupos_payment_replayed; sends nothing.
 * After DECLINED or NOT_STARTED the next attempt is one more (secupos_sale_set_attempt). An APPROVED or REVERSED
 * reference takes no further attempt. It may still come to NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY, because an
 * earlier payment is in doubt: then settle that one, or wait for the end of its grace, and pay again with the next attempt.
 * It tells the attempt that it was asked for; whatever else needs a person, SECUPOS_ACTION_CHECK_UNFINISHED says.
 *
 * Ownership: sale is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
 * NULL. Threads: any. Errors: where one of these comes back, nothing was sent.
 *   INVALID_ARGUMENT           the articles do not add up to the amount;
 *   CONFLICT                   the reference or the attempt was used for another amount, or an attempt of it took money;
 *   CLOSED                     the reference was acknowledged, and this attempt needs nothing: use a new one;
 *   ATTEMPT_OUT_OF_ORDER       only the next attempt can be made, and only after DECLINED or NOT_STARTED;
 *   POSSIBLE_DUPLICATE         a payment over the same amount is in doubt since less than an hour, or was taken for not paid
 *                              less than 15 minutes ago without the terminal's own word: look, then
 *                              secupos_sale_confirm_not_duplicate;
 *   BUSY                       something else is running at this till's terminal;
 *   DAMAGED                    the state file was damaged, lost or brought back from an older day:
 *                              secupos_till_accept_journal_loss;
 *   JOURNAL_FAILED, TOO_NEW    the state file cannot be written;
 *   FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_start_payment(
    const secupos_till *till, const secupos_sale *sale, secupos_payment **out, secupos_error **error);

/**
 * Lists what the till has to do something about: payments and reversals in doubt, payments that were approved or reversed
 * and are not acknowledged yet, conflicts, and receipts that came after the payment was acknowledged. For a screen: it tells
 * nothing, and shows SECUPOS_ACTION_RECOVER_LATER where money is asked for; secupos_till_recover_all tells. Uses no network
 * and never waits. One that is running in this process is listed too, as it is: PENDING, as soon as its start may be sent.
 *
 * Ownership: the caller frees *out with secupos_payment_list_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: JOURNAL_FAILED if the state file cannot be read, DAMAGED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_unfinished(
    const secupos_till *till, secupos_payment_list **out, secupos_error **error);

/**
 * Finds out what became of an attempt to take the payment with this reference, and returns at once: wait for it with
 * secupos_payment_wait. Starts nothing, ever: it reads, and what was never started comes back as NOT_STARTED. One that is
 * running is that same payment. What is proven is told from the state file; anything else the service is asked about again.
 *
 * attempt: which one; or 0 for the one that needs something, or else the one that took money, or else the last one.
 *
 * Ownership: reference is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
 * NULL. Threads: any. Errors: NOT_FOUND if the state file knows no such reference or attempt; INVALID_STATE if attempt is 0
 * and two attempts need something; BUSY while another payment of this till is running and this one would have to be asked
 * about; INVALID_ARGUMENT for a negative attempt; INVALID_UTF8, JOURNAL_FAILED, DAMAGED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_recover(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_payment **out, secupos_error **error);

/**
 * Finds out about everything that is unfinished, in turns, and blocks until that is done or timeout_ms is over; what is
 * still in doubt then is UNKNOWN. With the time that is left it asks about what is not proven, and adds what has changed
 * by that. Starts nothing, ever. *out is one payment for each attempt, the oldest first: do what its actions say, then
 * secupos_payment_acknowledge. Each till calls this when it is started, and when an action is
 * SECUPOS_ACTION_CHECK_UNFINISHED; see "After a crash" at the top. Meanwhile payments are BUSY.
 *
 * timeout_ms: from 0 (no network: only what is known) to 3 600 000.
 *
 * Ownership: the caller frees *out with secupos_payment_list_free. NULL: no argument but error may be NULL. Threads: any;
 * blocks the calling one. Errors: BUSY while something else runs at this terminal, INVALID_ARGUMENT, JOURNAL_FAILED if the
 * state file cannot be read, DAMAGED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_recover_all(
    const secupos_till *till, int64_t timeout_ms, secupos_payment_list **out, secupos_error **error);

/**
 * Begins to reverse an approved payment at the terminal, and returns at once: wait for it with secupos_payment_wait, then
 * ask secupos_payment_reversal. Its number comes from the state file. Only girocard and direct debit payments can be
 * reversed, and only until the end of the terminal's day; anything else is refused by the service.
 *
 * attempt: which one; or 0 for the one that needs something, or else the one that took money, or else the last one.
 *
 * It is SECUPOS_REVERSAL_REFUSED where no request was sent, or where the first one was refused at once by the service
 * itself and the payment still stands 12 s later. Anything else that is not done is SECUPOS_REVERSAL_UNKNOWN until the
 * service says cancelled or a person decides (secupos_till_decide_reversal). Calling it again is safe: it joins one that
 * is running and tells again of one that is DONE; of one in doubt a second request is sent only when the first one
 * cannot reach the terminal any more and the service says that the payment stands; secupos_till_recover only asks. While
 * a reversal is in doubt and may still reach the terminal, payments come to NOT_STARTED with
 * SECUPOS_REASON_TERMINAL_BUSY. One that is older than 24 hours, or whose money was to be given back in another way, is
 * reversed by secupos_till_reverse_confirmed.
 *
 * Ownership: reference is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
 * NULL. Threads: any. Errors: where one of these comes back, nothing was sent: NOT_FOUND; INVALID_STATE if it is not
 * approved, if its number may be another payment's, because the terminal has counted anew or is another one now, if an
 * end of day ran after it or may have, if the till was bound anew, or if attempt is 0 and two attempts need something;
 * CONFIRMATION_REQUIRED if it is older than 24 hours, if a clock makes no sense, or if SECUPOS_ACTION_REFUND was told of
 * it; BUSY while something else runs at this terminal; INVALID_ARGUMENT for a negative attempt; INVALID_UTF8,
 * JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_reverse(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_payment **out, secupos_error **error);

/**
 * The same for a payment of any age: a person has compared the receipt number with the customer's slip, and knows that the
 * money has not been given back in another way.
 *
 * attempt: as for secupos_till_reverse. operator_name: who, 1 to 200 bytes; it is kept.
 *
 * Ownership: texts are copied; the caller frees *out with secupos_payment_free. NULL: no argument but error may be NULL.
 * Threads: any. Errors: as for secupos_till_reverse, but CONFIRMATION_REQUIRED; NOT_FOUND, INVALID_STATE, BUSY,
 * INVALID_ARGUMENT, INVALID_UTF8, JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_reverse_confirmed(
    const secupos_till *till, const char *reference, int32_t attempt, const char *operator_name, secupos_payment **out,
    secupos_error **error);

/**
 * How the till stands, as one JSON object: {"end_of_day_due": {"payments", "since"}, "last_end_of_day", "logins_taken",
 * "rollback_unnoticed"}. Times are milliseconds since 1970 UTC, or null. Uses no network and never waits for the terminal.
 *
 * end_of_day_due: how many payments wait for the end of the terminal's day and since when, by what their receipts say of the
 * card; what says nothing counts. logins_taken: how often somebody else has logged in as this device. rollback_unnoticed:
 * whether the service's list could not be used the last time, so that nobody would notice a state file that was brought back
 * from an older day together with its head.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: JOURNAL_FAILED if the state file cannot be read, DAMAGED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_to_json(
    const secupos_till *till, secupos_bytes **out, secupos_error **error);

/**
 * Says that the till has taken over the result of an attempt, as this process was told it last: it is booked, and its
 * receipts are printed. Better is secupos_payment_acknowledge, which takes over what that payment told. It is no longer
 * listed by secupos_till_unfinished, and the reference is closed: paying with it again is the error CLOSED, also with
 * the next attempt after a DECLINED one; only another attempt of it that still needs something is told. Needed for what
 * was APPROVED or REVERSED, and for a conflict. A conflict or a receipt that came later stays listed. May be repeated.
 * Uses no network and never waits.
 *
 * attempt: which one; or 0 for the one that needs something, or else the one that took money, or else the last one.
 *
 * Ownership: reference is only read. NULL: no argument but error may be NULL. Threads: any. Errors: NOT_FOUND;
 * INVALID_STATE while it or its reversal is running or in doubt: there is no result yet, or if attempt is 0 and two attempts
 * need something;
 * INVALID_ARGUMENT for a negative attempt; INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_acknowledge(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_error **error);

/**
 * Says that the till has taken over what this payment told, and no more: it is booked, and its receipts are printed. A
 * conflict or a receipt that came later stays listed by secupos_till_unfinished. So does any conflict of a payment that
 * secupos_till_unfinished or secupos_till_find_payments has listed, because they tell none: recover it first. Otherwise
 * as secupos_till_acknowledge. Uses no network and never waits.
 *
 * till: that whose payment it is.
 *
 * Ownership: payment is only read. NULL: no argument but error may be NULL. Threads: any. Errors: NOT_FOUND; INVALID_STATE
 * while it or its reversal is running or in doubt: there is no result yet; JOURNAL_FAILED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_acknowledge(
    const secupos_payment *payment, const secupos_till *till, secupos_error **error);

/**
 * Stores what a person says became of a payment that is UNKNOWN. *out is the payment as it stands then: APPROVED or
 * NOT_STARTED, with SECUPOS_BASIS_OPERATOR. Nothing is overwritten, and nothing is charged or given back by it. The
 * service is still asked for 7 days; should it say otherwise, the payment is a conflict (secupos_payment_conflict), and
 * unfinished again. Of one whose start has been open for a minute it may be said while that goes on. Uses no network and
 * never waits.
 *
 * attempt: which one; or 0 for the one that needs something. decision: one of SECUPOS_DECISION_*. operator_name: who
 * says so, reason: why ("slip in hand", "terminal shows ready"), 1 to 200 bytes each; both are kept. slip_number: the
 * number on the slip, or 0 for none.
 *
 * Ownership: texts are copied; the caller frees *out with secupos_payment_free. NULL: no argument but error may be NULL.
 * Threads: any. Errors: NOT_FOUND; INVALID_STATE if it is running or not in doubt (any more: recover it), or if attempt is 0
 * and two attempts need something; INVALID_ARGUMENT, INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_decide(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_decision decision,
    const char *operator_name, const char *reason, int64_t slip_number, secupos_payment **out, secupos_error **error);

/**
 * Stores what a person says became of a reversal that is SECUPOS_REVERSAL_UNKNOWN: the terminal shows it, or there is a
 * slip. *out is the payment as it stands then: REVERSED, or APPROVED with SECUPOS_REVERSAL_REFUSED, with
 * SECUPOS_BASIS_OPERATOR. The service is still asked for 7 days. That it goes on saying "paid" contradicts nobody's
 * "reversed"; should it say cancelled after a "not reversed", the payment is a conflict (secupos_payment_conflict), and
 * unfinished again. Uses no network and never waits.
 *
 * attempt: which one; or 0 for the one that needs something. decision: one of SECUPOS_REVERSAL_DECISION_*.
 * operator_name: who says so, reason: why, 1 to 200 bytes each; both are kept.
 *
 * Ownership: texts are copied; the caller frees *out with secupos_payment_free. NULL: no argument but error may be NULL.
 * Threads: any. Errors: NOT_FOUND; INVALID_STATE if it is running or no reversal of it is in doubt, or if attempt is 0
 * and two attempts need something; INVALID_ARGUMENT, INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_decide_reversal(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_reversal_decision decision,
    const char *operator_name, const char *reason, secupos_payment **out, secupos_error **error);

/**
 * Binds the state file to the host, device and client of these settings, because a person says that it is the same till:
 * after the vendor has renamed a host, or the device code or the client has changed. What was begun before cannot be
 * reversed at the terminal any more. The till must not be open. Uses no network.
 *
 * operator_name: who says so, reason: why, 1 to 200 bytes each; both are kept.
 *
 * Ownership: config is only read; texts are copied. NULL: no argument but error may be NULL. Threads: any. Errors: MISSING;
 * LOCKED while it is open; INVALID_STATE while a payment is in doubt and undecided, or may still reach the terminal;
 * MISMATCH between PRODUCTION and TESTING; DAMAGED until secupos_till_accept_journal_loss; INVALID_ARGUMENT, INVALID_UTF8,
 * TOO_NEW, JOURNAL_FAILED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_rebind(
    const secupos_config *config, const char *operator_name, const char *reason, secupos_error **error);

/**
 * Lists the payments that were begun from from_ms on and before to_ms, all attempts, whatever became of them. Uses no
 * network and never waits.
 *
 * from_ms, to_ms: milliseconds since 1970 UTC. receipt_number: only those with this number of the terminal's, or 0 for any.
 *
 * Ownership: the caller frees *out with secupos_payment_list_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: JOURNAL_FAILED if the state file cannot be read, DAMAGED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_find_payments(
    const secupos_till *till, int64_t from_ms, int64_t to_ms, int64_t receipt_number, secupos_payment_list **out,
    secupos_error **error);

/**
 * Accepts that the state file was damaged, lost or brought back from an older day, and that payments in it may be
 * forgotten; until then payments are refused with DAMAGED. For a person who has compared the last slips with what the
 * till has booked, never for a program by itself. Does nothing where nothing was lost. Uses no network and never waits.
 *
 * operator_name: who accepts it, 1 to 200 bytes; it is kept.
 *
 * Ownership: operator_name is copied. NULL: no argument but error may be NULL. Threads: any. Errors: INVALID_ARGUMENT,
 * INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_accept_journal_loss(
    const secupos_till *till, const char *operator_name, secupos_error **error);

/* Registering a till ----------------------------------------------------------------------------------------------- */

/** Where a till stands with the service. */
typedef int32_t secupos_registration_state;

/** It has no device code: it logs in as the vendor's client. */
#define SECUPOS_REGISTRATION_UNREGISTERED 0

/** It is a device of the service. */
#define SECUPOS_REGISTRATION_REGISTERED 1

/** A person must confirm it: show the user code and the address. */
#define SECUPOS_REGISTRATION_PENDING 2

/** The person has refused. */
#define SECUPOS_REGISTRATION_DENIED 3

/** Nobody has confirmed it in time: register again. */
#define SECUPOS_REGISTRATION_EXPIRED 4

/**
 * Registers the till as a device of the service, once, when it is set up. Returns at once:
 *   1. wait a moment (secupos_registration_wait) until there is a secupos_registration_user_code;
 *   2. show it with secupos_registration_verification_url to the person who confirms the till there;
 *   3. wait until that is done. The till asks by itself, as often as the service allows.
 *
 * From then on the till is that device, also after a restart: its code is kept in the state file, which is bound to it. What
 * was in doubt before is asked about as the new device. May be done again, to become another device; payments may be taken
 * meanwhile. Closing the till ends a registration that is going on.
 *
 * device_uuid: the device's name as agreed on with the vendor, such as "/vendor/unknown/cashier/1".
 *
 * Ownership: device_uuid is copied; the caller frees *out with secupos_registration_free. NULL: no argument but error may be NULL. Threads: any. Errors: INVALID_ARGUMENT
 * if device_uuid is no such name; INVALID_STATE if the till was opened with a device code
 * (secupos_config_set_device_code): it is that device; BUSY while a payment or another registration is running;
 * INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL. What the service says is told by secupos_registration_wait.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_register(
    const secupos_till *till, const char *device_uuid, secupos_registration **out, secupos_error **error);

/**
 * Says whether the till is a device of the service, or how its registration stands: one of SECUPOS_REGISTRATION_*. Uses no
 * network and never waits.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: any. Errors: FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_registration_state(
    const secupos_till *till, secupos_registration_state *out, secupos_error **error);

/**
 * What the person enters who confirms the till. NULL until the service has said it.
 *
 * Ownership: borrowed from the registration. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_registration_user_code(const secupos_registration *registration);

/**
 * Where that is entered. NULL until the service has said it.
 *
 * Ownership: borrowed from the registration. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_registration_verification_url(const secupos_registration *registration);

/**
 * Until when, in milliseconds since 1970 UTC by this machine's clock. 0 until the service has said it.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_registration_expires_at(const secupos_registration *registration);

/**
 * Waits until the registration has ended. *out is one of SECUPOS_REGISTRATION_*: REGISTERED, DENIED, EXPIRED, or PENDING if
 * the time is over. Leaving the wait stops nothing.
 *
 * timeout_ms: 0 only asks, -1 waits for ever.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: any; blocks the calling one. Errors: INVALID_ARGUMENT; what kept
 * the service from registering it at all: INVALID_CREDENTIALS (of the vendor's client), REFUSED, FAILED, PROTOCOL,
 * UNREACHABLE, TLS, TIMEOUT, PROXY; INVALID_STATE if the till was closed; JOURNAL_FAILED if it was confirmed and could not
 * be stored; FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_registration_wait(
    const secupos_registration *registration, int64_t timeout_ms, secupos_registration_state *out,
    secupos_error **error);

/**
 * Frees a registration. One that is going on goes on.
 *
 * Ownership: ends the caller's, and that of all texts borrowed from it. NULL: does nothing. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_registration_free(secupos_registration *registration);

/* Sales ------------------------------------------------------------------------------------------------------------ */

/**
 * Makes a sale.
 *
 * reference: the till's own number for the sale, 1 to 64 bytes of composed text (NFC): no combining mark, no control or
 * format character, no blank at either end; the error names the character. It identifies the payment for ever: a till that
 * restarts its numbers daily must put the day in. Sent as merchantRef.
 * amount: what the customer pays, in minor units (cents), from 1 to 99 999 999.
 * currency: three capital letters (ISO 4217), for example "EUR".
 *
 * Ownership: texts are copied; the caller frees *out with secupos_sale_free. NULL: no argument but error may be NULL.
 * Threads: any. Errors: INVALID_ARGUMENT naming the argument, INVALID_UTF8, NULL_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_new(
    const char *reference, int64_t amount, const char *currency, secupos_sale **out, secupos_error **error);

/**
 * Says which try this is: 1 (the default), and one more after an attempt that was declined or not started. The library
 * never counts up by itself: paying again with the same number asks for the same payment again.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT unless attempt is from 1 to 9999.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_set_attempt(
    secupos_sale *sale, int32_t attempt, secupos_error **error);

/**
 * Adds an article. A sale with items (articles, coupons) must add up to its amount, or no payment is started, and the error
 * shows the arithmetic; a sale without any is a sum alone.
 *
 * description: 1 to 200 bytes. quantity: 1 to 100 000, whole: the service takes no fractions, so what is weighed is one
 * article at the price of what was weighed. unit_price: gross price of one, in minor units, 0 to 99 999 999. tax_percent:
 * VAT rate, 0 to 100 (7, 19). article_number, ean: may be NULL.
 *
 * Ownership: texts are copied. NULL: only article_number, ean and error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT naming the argument, INVALID_UTF8; the sale is unchanged then.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_add_item(
    secupos_sale *sale, const char *description, int32_t quantity, int64_t unit_price, int32_t tax_percent,
    const char *article_number, const char *ean, secupos_error **error);

/**
 * Adds a coupon that the customer hands in. It lowers what the articles make, by quantity times unit_price; all else is as
 * for secupos_sale_add_item.
 *
 * Ownership: texts are copied. NULL: only article_number, ean and error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT naming the argument, INVALID_UTF8; the sale is unchanged then.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_add_coupon(
    secupos_sale *sale, const char *description, int32_t quantity, int64_t unit_price, int32_t tax_percent,
    const char *article_number, const char *ean, secupos_error **error);

/**
 * Puts the item that was added last into a group of articles, such as "Bakery"; up to ten times.
 *
 * group_id: the till's own name for the group, 1 to 64 bytes. group_description: 1 to 200 bytes. level: how deep it is, 1
 * to 10: 1 for a group of its own, 2 for one within that.
 *
 * Ownership: texts are copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT naming the argument, or the sale if it has no item yet; INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_add_item_group(
    secupos_sale *sale, const char *group_id, const char *group_description, int32_t level, secupos_error **error);

/**
 * Says how much of the amount is a tip, in minor units, from 0 to the amount. It is included in the amount; where the sale
 * has items it must be one of them, or they do not add up.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_set_gratuity(
    secupos_sale *sale, int64_t gratuity, secupos_error **error);

/**
 * Sets the purpose line of the customer's bank statement (transactionRef), 1 to 200 bytes.
 *
 * Ownership: transaction_ref is copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_set_transaction_ref(
    secupos_sale *sale, const char *transaction_ref, secupos_error **error);

/**
 * Says that an operator has looked: this is another sale than the one over the same amount that is in doubt, or was taken for
 * not paid. Only after secupos_till_pay has answered POSSIBLE_DUPLICATE and a person has compared the two.
 *
 * operator_name: who says so, 1 to 200 bytes; it is kept in the state file.
 *
 * Ownership: operator_name is copied. NULL: no argument but error may be NULL. Threads: exclusive.
 * Errors: INVALID_ARGUMENT, INVALID_UTF8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_confirm_not_duplicate(
    secupos_sale *sale, const char *operator_name, secupos_error **error);

/**
 * Frees a sale. A payment that was started with it goes on.
 *
 * Ownership: ends the caller's. NULL: does nothing. Threads: exclusive. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_sale_free(secupos_sale *sale);

/* The archive ------------------------------------------------------------------------------------------------------ */

/**
 * Goes through the whole state file, the kept answers of the service included, and says all that is not as it was
 * written: *out is a JSON array, empty if the file is whole, of {"event", "reference", "attempt", "fault"}; the first
 * three are null where the damage is of the whole file. Takes about a second for 100 MB; no payment can begin meanwhile.
 * Uses no network.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: BUSY while a payment is running, JOURNAL_FAILED if the state file cannot be read, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_verify_archive(
    const secupos_till *till, secupos_bytes **out, secupos_error **error);

/**
 * Exports all payments that were begun on a day, by German legal time, into a folder: as JSON lines with the service's
 * answers as received, and as text with the receipts as printed. *out is a JSON object: {"payments_file",
 * "receipts_file", "payments", "damaged", "was_there"}. The files hold account numbers, but nothing with which one could
 * log in. None is ever written over: the same day exported again changes nothing, and one that has changed since gets
 * files with a number. Uses no network.
 *
 * date: such as "2026-11-23". folder: must exist; one till, one folder.
 *
 * Ownership: texts are only read; the caller frees *out with secupos_bytes_free. NULL: no argument but error may be
 * NULL. Threads: any. Errors: INVALID_ARGUMENT if date is none or the folder cannot be written to, INVALID_UTF8,
 * JOURNAL_FAILED, DAMAGED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_export_day(
    const secupos_till *till, const char *date, const char *folder, secupos_bytes **out, secupos_error **error);

/**
 * Removes the service's answers, and with them the receipts, of payments that were begun more than so many days ago. This
 * cannot be taken back: export before. All else that is known of a payment stays, its reference stays used, and the
 * archive can be verified as before; nothing is removed of what is unfinished or not proven. *out is a JSON object:
 * {"before", "responses", "bytes", "kept", "shrunk"}. No payment can begin meanwhile. Uses no network.
 *
 * retention_days: from 1 on, or 0 for 4018: ten years from the end of the payment's year, the longest that German law
 * asks for. operator_name: who wants it, 1 to 200 bytes; it is kept.
 *
 * Ownership: operator_name is copied; the caller frees *out with secupos_bytes_free. NULL: no argument but error may be
 * NULL. Threads: any. Errors: INVALID_ARGUMENT, INVALID_UTF8, BUSY while a payment is running, DAMAGED if the file is not
 * whole, JOURNAL_FAILED, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_prune_archive(
    const secupos_till *till, int32_t retention_days, const char *operator_name, secupos_bytes **out,
    secupos_error **error);

/* Receipts --------------------------------------------------------------------------------------------------------- */

/** Whose copy of the receipt. */
typedef int32_t secupos_copy;

/** What a line of a receipt is. */
typedef int32_t secupos_line_type;

/** Where a line's text stands, or the value of a name with a value. */
typedef int32_t secupos_alignment;

/** Whether the customer must sign the merchant's copy. */
typedef int32_t secupos_signature;

/** The customer's copy. */
#define SECUPOS_COPY_CUSTOMER 1

/** The merchant's copy. It must be kept and may have to be signed. It holds full account numbers. */
#define SECUPOS_COPY_MERCHANT 2

/** The receipt does not say: look at it. */
#define SECUPOS_SIGNATURE_UNKNOWN 0

/** It must be signed. */
#define SECUPOS_SIGNATURE_REQUIRED 1

/** It need not be signed. */
#define SECUPOS_SIGNATURE_NOT_REQUIRED 2

/** A kind that secupos does not know; printed by its text, as far as it has one. */
#define SECUPOS_LINE_UNKNOWN 0

/** Begins a receipt or a section: a headline, or a rule where it has no text. */
#define SECUPOS_LINE_SEPARATOR 1

/** Text. */
#define SECUPOS_LINE_TEXT 2

/** A name on the left and a value on the right. */
#define SECUPOS_LINE_NAME_VALUE 3

/** An empty line. */
#define SECUPOS_LINE_SPACE 4

/** At the left edge. */
#define SECUPOS_ALIGNMENT_LEFT 0

/** In the middle. */
#define SECUPOS_ALIGNMENT_CENTER 1

/** At the right edge. */
#define SECUPOS_ALIGNMENT_RIGHT 2

/**
 * Reads a receipt from JSON: a bare array of lines, or a whole Smart Transaction, of which copy is taken;
 * or what secupos_payment_to_json, secupos_report_to_json or secupos_receipt_to_json have told. Needs no till.
 *
 * json: UTF-8, len bytes, at most 1 MiB, 10 000 lines, and 10 000 characters in a text.
 *
 * Ownership: json is only read; the caller frees *out with secupos_receipt_free. NULL: no argument but error may be
 * NULL. Threads: any. Errors: MALFORMED if it is no receipt, TOO_LARGE, INVALID_ARGUMENT for a number that is no copy.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_parse(
    const char *json, size_t len, secupos_copy copy, secupos_receipt **out, secupos_error **error);

/**
 * Frees a receipt.
 *
 * Ownership: ends the caller's, and that of all texts borrowed from it. NULL: does nothing. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_receipt_free(secupos_receipt *receipt);

/**
 * How many lines there are.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_receipt_line_count(const secupos_receipt *receipt);

/**
 * What the line is: one of SECUPOS_LINE_*.
 *
 * Ownership: none. NULL: reads as SECUPOS_LINE_UNKNOWN, as does an index that is too large. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_line_type SECUPOS_CALL secupos_receipt_line_type(const secupos_receipt *receipt, size_t index);

/**
 * The text of a text line, the caption of a separator, or what a line of an unknown kind says. Card numbers on the
 * customer's copy are masked. NULL for other lines and an index that is too large.
 *
 * Ownership: borrowed from the receipt. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_line_text(const secupos_receipt *receipt, size_t index);

/**
 * The name of a name with a value; NULL for other lines and an index that is too large.
 *
 * Ownership: borrowed from the receipt. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_line_name(const secupos_receipt *receipt, size_t index);

/**
 * The value of a name with a value; NULL for other lines and an index that is too large.
 *
 * Ownership: borrowed from the receipt. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_line_value(const secupos_receipt *receipt, size_t index);

/**
 * 1 if the line is to be printed bold (of a name with a value only the value), else 0.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_receipt_line_is_important(const secupos_receipt *receipt, size_t index);

/**
 * Where the line's text stands, or the value of a name with a value: one of SECUPOS_ALIGNMENT_*.
 *
 * Ownership: none. NULL: reads as SECUPOS_ALIGNMENT_LEFT. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_alignment SECUPOS_CALL secupos_receipt_line_alignment(const secupos_receipt *receipt, size_t index);

/**
 * What the receipt says of one thing, as printed: "date", "time", "receipt_no" ("0003"), "trace_no", "terminal_id",
 * "merchant_no", "card", "expiry", "bank", "brand", "approval", "aid", "amount". NULL if it does not say. A convenience: the
 * payment's own getters are the authority.
 *
 * Ownership: borrowed from the receipt; name is only read. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_field(const secupos_receipt *receipt, const char *name);

/**
 * Whether the customer must sign, judged on the merchant's copy: one of SECUPOS_SIGNATURE_*.
 *
 * Ownership: none. NULL: reads as SECUPOS_SIGNATURE_UNKNOWN. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_signature SECUPOS_CALL secupos_receipt_signature(const secupos_receipt *receipt);

/**
 * Renders the receipt as the options say. Empty if the receipt has no lines (JSON never is). Card numbers on the
 * customer's copy are masked in every format.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: options may be NULL (UTF-8 text, 42 columns), and
 * error. Threads: any. Errors: INVALID_ARGUMENT for ESC/POS in UTF-8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_render(
    const secupos_receipt *receipt, const secupos_render_options *options, secupos_bytes **out, secupos_error **error);

/**
 * How many characters of the receipt the code page of the options does not have, so that others stand in their place:
 * EUR for a Euro sign, a question mark for what has no likeness.
 *
 * Ownership: none. NULL: options may be NULL (UTF-8 text, 42 columns), and error. Threads: any. Errors:
 * INVALID_ARGUMENT for ESC/POS in UTF-8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_replaced(
    const secupos_receipt *receipt, const secupos_render_options *options, int32_t *out, secupos_error **error);

/**
 * The receipt as one JSON object: {"copy", "lines", "fields": {name: {"value", "line"}}, "amount_matches",
 * "signature": {"decision", "line", "index"}}. The field "amount" also has "minor_units" and "currency", null where they
 * are not known. The lines are as the server sent them, except that card numbers on the customer's copy are masked.
 * "amount_matches" compares the printed amount with the transaction's and is null where either is not known.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: NULL_ARGUMENT, INVALID_HANDLE.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_to_json(
    const secupos_receipt *receipt, secupos_bytes **out, secupos_error **error);

/* Rendering receipts ----------------------------------------------------------------------------------------------- */

/** What comes out of rendering. */
typedef int32_t secupos_format;

/** The characters that a printer or an old till knows. */
typedef int32_t secupos_code_page;

/** How an ESC/POS job ends. */
typedef int32_t secupos_cut;

/** Plain text, in UTF-8 or a code page; lines end with a line feed. */
#define SECUPOS_FORMAT_TEXT 1

/** Bytes for a receipt printer, to be sent as they are. */
#define SECUPOS_FORMAT_ESCPOS 2

/** One section of HTML in UTF-8, without scripts: for the screen, and printed for paper of 58 or 80 mm. */
#define SECUPOS_FORMAT_HTML 3

/** A PDF file (Courier, not PDF/A). */
#define SECUPOS_FORMAT_PDF 4

/** One JSON object: that of secupos_receipt_to_json with "duplicate" and "reversed". */
#define SECUPOS_FORMAT_JSON 5

/** All characters there are. Not for ESC/POS. */
#define SECUPOS_CODE_PAGE_UTF8 1

/** Windows, Western Europe, with the Euro sign. Usually in slot 16. */
#define SECUPOS_CODE_PAGE_CP1252 2

/** DOS, Western Europe, with the Euro sign. Usually in slot 19. */
#define SECUPOS_CODE_PAGE_CP858 3

/** DOS, USA: umlauts, but no Euro sign. Usually in slot 0. */
#define SECUPOS_CODE_PAGE_CP437 4

/** The paper is not cut: many printers have no cutter. */
#define SECUPOS_CUT_NONE 1

/** The paper hangs on by a point. */
#define SECUPOS_CUT_PARTIAL 2

/** The paper is cut off. */
#define SECUPOS_CUT_FULL 3

/**
 * Makes options: UTF-8 text, 42 columns.
 *
 * Ownership: the caller frees *out with secupos_render_options_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: NULL_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_new(secupos_render_options **out, secupos_error **error);

/**
 * Sets what comes out: one of SECUPOS_FORMAT_*; text unless it is said.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_format(
    secupos_render_options *options, secupos_format format, secupos_error **error);

/**
 * Sets the width of the paper in characters, 16 to 96: 32 for 58 mm, 42 or 48 for 80 mm.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_columns(
    secupos_render_options *options, int32_t columns, secupos_error **error);

/**
 * Sets the characters of text and ESC/POS. Unless it is said, text is UTF-8 and ESC/POS CP1252; HTML and JSON are always
 * UTF-8, and PDF is always CP1252. Characters that a page does not have are written otherwise, see
 * secupos_receipt_replaced.
 *
 * page: one of SECUPOS_CODE_PAGE_*. slot: the number that the printer's maker gave to the page, 0 to 255 (ESC t), or -1
 * for the usual one; always -1 for UTF-8.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_code_page(
    secupos_render_options *options, secupos_code_page page, int32_t slot, secupos_error **error);

/**
 * Sets how an ESC/POS job ends: one of SECUPOS_CUT_*; no cut unless it is said.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_cut(
    secupos_render_options *options, secupos_cut cut, secupos_error **error);

/**
 * Sets how many empty lines an ESC/POS job ends with, 0 to 255, so that the last printed one is clear of the printer; 4
 * unless it is said.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_feed(
    secupos_render_options *options, int32_t lines, secupos_error **error);

/**
 * Marks a reprint (1), with the time at which it is rendered, or not (0). Not for a first print that failed: it has not been
 * signed yet, and a duplicate does not ask for a signature.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_duplicate(
    secupos_render_options *options, int32_t duplicate, secupos_error **error);

/**
 * Sets the language of the library's own words, the marks and the name of an HTML section: one of SECUPOS_LANGUAGE_*;
 * German unless it is said. The receipt's own words stay as they are.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_language(
    secupos_render_options *options, secupos_language language, secupos_error **error);

/**
 * Sets bytes that are sent before an ESC/POS job as they are, for example to print a logo: len bytes, at most 65 536; a len of
 * 0 takes them away.
 *
 * Ownership: prefix is copied. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_prefix(
    secupos_render_options *options, const char *prefix, size_t len, secupos_error **error);

/**
 * Sets bytes that are sent after an ESC/POS job as they are, for example to print a logo: len bytes, at most 65 536; a len of
 * 0 takes them away.
 *
 * Ownership: suffix is copied. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_suffix(
    secupos_render_options *options, const char *suffix, size_t len, secupos_error **error);

/**
 * Frees options.
 *
 * Ownership: ends the caller's. NULL: does nothing. Threads: exclusive. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_render_options_free(secupos_render_options *options);

/* Bytes ------------------------------------------------------------------------------------------------------------ */

/**
 * The bytes; a NUL follows them.
 *
 * Ownership: borrowed from the object. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_bytes_data(const secupos_bytes *bytes);

/**
 * How many bytes there are, without the NUL that follows them.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_bytes_len(const secupos_bytes *bytes);

/**
 * Frees the bytes.
 *
 * Ownership: ends the caller's. NULL: does nothing. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_bytes_free(secupos_bytes *bytes);

/* What became of a payment, why, and what to do next --------------------------------------------------------------- */

/** What became of a payment. 0 is the safe reading: whatever you do not recognise is in doubt. */
typedef int32_t secupos_outcome;

/** Why a payment has the outcome it has; of an approved one, why its reversal was not done. */
typedef int32_t secupos_reason;

/** What became of a payment's reversal. 0 is the safe reading. */
typedef int32_t secupos_reversal;

/** What the till should do next. 0 is none. */
typedef int32_t secupos_action;

/** Who says what became of a payment. */
typedef int32_t secupos_basis;

/** What an abort can do. 0 is none: the call has failed. */
typedef int32_t secupos_abort_result;

/** In doubt: money may have moved. Do not charge again. */
#define SECUPOS_OUTCOME_UNKNOWN 0

/** Money moved. */
#define SECUPOS_OUTCOME_APPROVED 1

/** No money moved: refused, aborted or timed out. */
#define SECUPOS_OUTCOME_DECLINED 2

/** Provably never started; no money moved. */
#define SECUPOS_OUTCOME_NOT_STARTED 3

/** It was paid and has been reversed. */
#define SECUPOS_OUTCOME_REVERSED 4

/** Not decided yet. */
#define SECUPOS_OUTCOME_PENDING 5

/** No reason: approved, reversed or pending, or a person has decided. */
#define SECUPOS_REASON_NONE 0

/** Declined: refused, aborted or timed out; the service does not say which. */
#define SECUPOS_REASON_FAILED 1

/** Declined: aborted. */
#define SECUPOS_REASON_ABORTED 2

/** Declined: the customer did not act in time. */
#define SECUPOS_REASON_TIMED_OUT 3

/** Declined: cancelled before it was paid. */
#define SECUPOS_REASON_CANCELLED 4

/** Not started: no connection, or an earlier attempt at the same sale cannot be read. */
#define SECUPOS_REASON_NO_CONNECTION 10

/** Not started: the till could not log in. */
#define SECUPOS_REASON_LOGIN_FAILED 11

/** Not started: the service did not take the sale. */
#define SECUPOS_REASON_CREATE_REFUSED 12

/** Not started: whether the service took the sale is not known, but it was never started. */
#define SECUPOS_REASON_CREATE_UNSURE 13

/** Not started: the service refused to start at once, and has been told never to start it. */
#define SECUPOS_REASON_START_REFUSED 14

/** Not started: the till has abandoned it before it was started. */
#define SECUPOS_REASON_ABANDONED 15

/**
 * Not started: an earlier payment or reversal of this till is in doubt, and the customer might pay that one. It ends
 * with the grace of that one (see "When nobody knows" at the top), or sooner: secupos_till_recover, secupos_till_decide
 * or secupos_till_decide_reversal.
 */
#define SECUPOS_REASON_TERMINAL_BUSY 16

/**
 * Not started: it has not reached the terminal in time, or a person says that it was not paid, and the service has been told
 * never to start it.
 */
#define SECUPOS_REASON_NEVER_STARTED 17

/** Not started: the state file could not be written. Approved: its result could not be stored; print the receipts now. */
#define SECUPOS_REASON_JOURNAL_FAILED 18

/** Not started: an earlier attempt of the same sale has been paid after all. */
#define SECUPOS_REASON_ALREADY_PAID 19

/** Unknown: the connection broke. */
#define SECUPOS_REASON_CONNECTION_LOST 20

/** Unknown: the service's answer makes no sense. */
#define SECUPOS_REASON_ANSWER_UNREADABLE 21

/** Unknown: the service still says nothing final. */
#define SECUPOS_REASON_STILL_OPEN 22

/** Unknown: the service has a fault. */
#define SECUPOS_REASON_SERVER_FAILED 23

/** Unknown: the till ended while it was running. */
#define SECUPOS_REASON_INTERRUPTED 24

/**
 * Not started: somebody else logs in as this device, so that the service refuses a token that it has just given. Call the
 * support.
 */
#define SECUPOS_REASON_LOGIN_TAKEN 25

/**
 * Not started: the service knows newer payments than the state file, which was brought back from an older day. Compare the
 * slips with what is booked, then secupos_till_accept_journal_loss.
 */
#define SECUPOS_REASON_STATE_FILE_OLD 26

/** Unknown or not started: a fault in secupos. */
#define SECUPOS_REASON_INTERNAL 29

/** Approved: its reversal has hit another payment, which is REVERSED where this till has made it. Call the support. */
#define SECUPOS_REASON_WRONG_PAYMENT_REVERSED 30

/**
 * Approved: another amount was charged than was asked for, or nobody can read which: see secupos_payment_amount_charged and
 * secupos_payment_amount_due.
 */
#define SECUPOS_REASON_AMOUNT_DIFFERS 31

/** In doubt: it may be reversed. Do not refund it in another way yet. */
#define SECUPOS_REVERSAL_UNKNOWN 0

/** Nobody has tried. */
#define SECUPOS_REVERSAL_NONE 1

/** It is running. */
#define SECUPOS_REVERSAL_PENDING 2

/** It is reversed; so says the outcome. */
#define SECUPOS_REVERSAL_DONE 3

/** It is not reversed: refused at once, or not sent, or a person says so. The payment stands. */
#define SECUPOS_REVERSAL_REFUSED 4

/** Print the merchant's copy and keep it. */
#define SECUPOS_ACTION_PRINT_MERCHANT 1

/** Have the customer sign the merchant's copy; where the decision is unknown, look whether it asks for it. */
#define SECUPOS_ACTION_TAKE_SIGNATURE 2

/** Print the customer's copy. */
#define SECUPOS_ACTION_PRINT_CUSTOMER 3

/** Offer another attempt. */
#define SECUPOS_ACTION_TRY_AGAIN 4

/** Ask again later what became of it, or for its receipts: secupos_till_recover. */
#define SECUPOS_ACTION_RECOVER_LATER 5

/** Look at the terminal. */
#define SECUPOS_ACTION_LOOK_AT_TERMINAL 6

/** Ask the cashier: is there a slip, what does the terminal show? */
#define SECUPOS_ACTION_ASK_CASHIER 7

/**
 * Give the money back. Told once: where the sale was charged more than once, or where the first request to reverse it was
 * refused at once.
 */
#define SECUPOS_ACTION_REFUND 8

/** Collect the money. Told once: where a person took it for paid, and the service says that it was not. */
#define SECUPOS_ACTION_COLLECT 9

/** Call the support. */
#define SECUPOS_ACTION_CALL_SUPPORT 10

/**
 * Collect what is missing of the amount (secupos_payment_amount_due), in another way or as a sale under a new reference.
 * Told once.
 */
#define SECUPOS_ACTION_COLLECT_REST 11

/**
 * Something else at this till needs a person and has not been told: acknowledge this payment first where that is due,
 * then call secupos_till_recover_all.
 */
#define SECUPOS_ACTION_CHECK_UNFINISHED 12

/** The service. */
#define SECUPOS_BASIS_SERVER 0

/** A person at the till, with secupos_till_decide or secupos_till_decide_reversal. The service is still asked. */
#define SECUPOS_BASIS_OPERATOR 1

/** It will never be started: it becomes NOT_STARTED with SECUPOS_REASON_ABANDONED, in a moment. */
#define SECUPOS_ABORT_ABANDONED 1

/** It may have reached the terminal: only STOP there can stop it. Wait for its outcome, and believe that. */
#define SECUPOS_ABORT_AT_TERMINAL 2

/** It has its outcome already. */
#define SECUPOS_ABORT_TOO_LATE 3

/* Payments --------------------------------------------------------------------------------------------------------- */

/**
 * Waits until the payment has an outcome, but no longer than timeout_ms: 0 only asks, -1 waits for ever. *out is the
 * outcome, or SECUPOS_OUTCOME_PENDING if the time is over. Leaving the wait stops nothing; wait again whenever you like.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: any; blocks the calling one.
 * Errors: INVALID_ARGUMENT if timeout_ms is below -1, FORKED in a forked child.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_wait(
    const secupos_payment *payment, int64_t timeout_ms, secupos_outcome *out, secupos_error **error);

/**
 * Asks that the payment be not taken, for example because the customer has walked away. A request, no command: *out says
 * what it could do, one of SECUPOS_ABORT_*, and the payment wins: what was approved all the same is reported as approved.
 * Never waits; the outcome still comes, so go on waiting for it.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: any, also while another one waits in
 * secupos_till_pay or secupos_payment_wait. Errors: FORKED.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_abort(
    const secupos_payment *payment, secupos_abort_result *out, secupos_error **error);

/**
 * Frees a payment. Never waits and never stops it: one that is running goes on.
 *
 * Ownership: ends the caller's, and that of all texts and of the error borrowed from it. NULL: does nothing.
 * Threads: any, but no other call may begin on this handle after it. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_payment_free(secupos_payment *payment);

/**
 * What became of it: one of SECUPOS_OUTCOME_*; SECUPOS_OUTCOME_PENDING while it is running.
 *
 * Ownership: none. NULL: reads as SECUPOS_OUTCOME_UNKNOWN. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_outcome SECUPOS_CALL secupos_payment_outcome(const secupos_payment *payment);

/**
 * Why it has this outcome: one of SECUPOS_REASON_*.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_reason SECUPOS_CALL secupos_payment_reason(const secupos_payment *payment);

/**
 * What became of its reversal: one of SECUPOS_REVERSAL_*; SECUPOS_REVERSAL_PENDING while it is running. The payment
 * stays APPROVED unless it is DONE. Why it was refused or is in doubt, secupos_payment_error tells.
 *
 * Ownership: none. NULL: reads as SECUPOS_REVERSAL_UNKNOWN. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_reversal SECUPOS_CALL secupos_payment_reversal(const secupos_payment *payment);

/**
 * Who says so: one of SECUPOS_BASIS_*. SECUPOS_BASIS_OPERATOR where a person has decided while it was in doubt.
 *
 * Ownership: none. NULL: reads as SECUPOS_BASIS_SERVER. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_basis SECUPOS_CALL secupos_payment_basis(const secupos_payment *payment);

/**
 * 1 if this is an earlier payment, told or found out again, else 0. It is the same payment: nothing was charged for the
 * telling, its times are those of then, and the cashier's text says when it got its result.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_replayed(const secupos_payment *payment);

/**
 * 1 if the service has contradicted what was believed before, else 0; it stays 1 for good. Until the payment is acknowledged
 * its first next action says what to do about that: SECUPOS_ACTION_ASK_CASHIER, SECUPOS_ACTION_CALL_SUPPORT, or once
 * SECUPOS_ACTION_REFUND or SECUPOS_ACTION_COLLECT.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_conflict(const secupos_payment *payment);

/**
 * How many things there are to do next.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_payment_next_action_count(const secupos_payment *payment);

/**
 * What to do next, in this order: one of SECUPOS_ACTION_*; 0 if index is too large. A till that does these, and nothing
 * else, does right. What asks for money is told once, by the first payment that pay, recover or recover_all gives: REFUND,
 * COLLECT and COLLECT_REST are ASK_CASHIER in what is told later. Lists (secupos_till_unfinished,
 * secupos_till_find_payments) tell nothing and show RECOVER_LATER in their place.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_action SECUPOS_CALL secupos_payment_next_action(const secupos_payment *payment, size_t index);

/**
 * The till's own number for the sale.
 *
 * Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_reference(const secupos_payment *payment);

/**
 * Which try this is, from 1.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_attempt(const secupos_payment *payment);

/**
 * The server's id for it (STX_…); NULL if none was given.
 *
 * Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_transaction_id(const secupos_payment *payment);

/**
 * The server's own word for where it stands, such as "ok" or "failed"; NULL if there is none. For logs: only the outcome
 * counts.
 *
 * Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_status_text(const secupos_payment *payment);

/**
 * What the till asked for, in minor units.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_amount(const secupos_payment *payment);

/**
 * What was charged, in minor units: 0 unless approved, and not always what was asked for (a tip, a part).
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_amount_charged(const secupos_payment *payment);

/**
 * What is missing of what was asked for, in minor units: 0 unless a part was charged. Collect it in another way, or as a
 * sale under a new reference (SECUPOS_ACTION_COLLECT_REST).
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_amount_due(const secupos_payment *payment);

/**
 * The currency (ISO 4217).
 *
 * Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_currency(const secupos_payment *payment);

/**
 * The terminal's number for it as a number (3), which a reversal needs; 0 if there is none. As printed ("0003") it is the
 * receipt's field "receipt_no".
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_receipt_number(const secupos_payment *payment);

/**
 * When the payment was begun, in milliseconds since 1970 UTC.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_created_at(const secupos_payment *payment);

/**
 * When it got its outcome, in milliseconds since 1970 UTC; 0 while it is running.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_settled_at(const secupos_payment *payment);

/**
 * Whether the customer must sign the merchant's copy: one of SECUPOS_SIGNATURE_*. Unknown means: look at the copy.
 *
 * Ownership: none. NULL: reads as SECUPOS_SIGNATURE_UNKNOWN. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API secupos_signature SECUPOS_CALL secupos_payment_signature(const secupos_payment *payment);

/**
 * 1 if the server asks for the merchant's copy to be printed now (receipt_merchant_print), else 0.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_merchant_receipt_due(const secupos_payment *payment);

/**
 * 1 if secupos_till_prune_archive has removed the receipts, else 0: then they are empty, although there were some.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_receipts_pruned(const secupos_payment *payment);

/**
 * What the cashier reads: what happened, whether money moved, what to do now.
 *
 * Ownership: borrowed from the payment; one lent before the outcome stays valid too. NULL: gives NULL. Threads: any.
 * Errors: none.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_cashier_text(
    const secupos_payment *payment, secupos_language language);

/**
 * What went wrong, where something did: why it was not started or is unknown. NULL if nothing did.
 *
 * Ownership: borrowed from the payment: do not free it. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const secupos_error *SECUPOS_CALL secupos_payment_error(const secupos_payment *payment);

/**
 * One copy of the receipt. There is always one once the payment is settled; without lines if the server sent none.
 *
 * Ownership: the caller frees *out with secupos_receipt_free; it outlives the payment. NULL: no argument but error may
 * be NULL. Threads: any. Errors: INVALID_ARGUMENT for a number that is no copy, INVALID_STATE while the payment is running.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_receipt(
    const secupos_payment *payment, secupos_copy copy, secupos_receipt **out, secupos_error **error);

/**
 * Renders one copy of the receipt in one call, as the options say. Empty if the server sent none (JSON never is). That of
 * a reversed payment is marked as such. Card numbers on the customer's copy are masked in every format.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: options may be NULL (UTF-8 text, 42 columns), and
 * error. Threads: any. Errors: INVALID_ARGUMENT for a number that is no copy and for ESC/POS in UTF-8, INVALID_STATE
 * while the payment is running.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_render_receipt(
    const secupos_payment *payment, secupos_copy copy, const secupos_render_options *options, secupos_bytes **out,
    secupos_error **error);

/**
 * The payment as one JSON object, the same in every binding, at any time: {"reference", "attempt", "outcome":
 * "approved|declined|not_started|unknown|reversed|pending", "reason", "reversal":
 * "unknown|none|pending|done|refused", "basis": "server|operator", "replayed", "conflict",
 * "next_actions": ["print_merchant", …], "amount", "amount_charged", "amount_due", "asked_before_at", "currency",
 * "transaction_id", "status_text", "receipt_number", "created_at", "settled_at", "signature": {"decision":
 * "required|not_required|unknown", "line"}, "merchant_receipt_due", "receipts_pruned", "grant":
 * "device|client_credentials", "cashier_text": {"de", "en"}, "error", "receipts": {"customer", "merchant"}}.
 * "asked_before_at": when money was asked for before; null if it was not. It holds the receipts: keep it as you keep those,
 * and do not log it.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: NULL_ARGUMENT, INVALID_HANDLE.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_to_json(
    const secupos_payment *payment, secupos_bytes **out, secupos_error **error);

/* Lists of payments ------------------------------------------------------------------------------------------------ */

/**
 * How many payments there are; 0 is a good answer.
 *
 * Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_payment_list_count(const secupos_payment_list *list);

/**
 * One of the payments, from 0; NULL if index is too large. Whatever takes a secupos_payment takes it, but for
 * secupos_payment_free.
 *
 * Ownership: borrowed from the list: do not free it; it lives until the list is freed, and so do the texts borrowed from
 * it. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const secupos_payment *SECUPOS_CALL secupos_payment_list_payment(
    const secupos_payment_list *list, size_t index);

/**
 * Frees a list and the payments lent by it. Never waits and stops none of them; receipts, bytes and JSON that were asked
 * of them live on.
 *
 * Ownership: ends the caller's. NULL: does nothing. Threads: any, but no other call may begin on this list or on one of
 * its payments after it. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_payment_list_free(secupos_payment_list *list);

/* Reports of the terminal: end of day, diagnosis ------------------------------------------------------------------- */

/** How a report is run; 0 is none of these. */
typedef int32_t secupos_report_flags;

/** What became of a report. 0 is the safe reading. */
typedef int32_t secupos_report_outcome;

/** Nobody knows: look at the terminal. It is never sent again by itself. */
#define SECUPOS_REPORT_MAY_HAVE_RUN 0

/** It was run. */
#define SECUPOS_REPORT_DONE 1

/** The service or the terminal refused. */
#define SECUPOS_REPORT_REFUSED 2

/** It was provably not sent. */
#define SECUPOS_REPORT_NOT_RUN 3

/** It is still running. */
#define SECUPOS_REPORT_PENDING 4

/** Even if a payment or its reversal is in doubt and may still reach the terminal. */
#define SECUPOS_REPORT_FORCE 1

/**
 * Begins the end of the terminal's day and returns at once; secupos_report_wait tells what became of it. girocard and
 * direct debit payments are cleared by it, and can no longer be reversed. While a payment or its reversal is in doubt and
 * may still reach the terminal, it comes to SECUPOS_REPORT_NOT_RUN with the error BUSY, unless flags is
 * SECUPOS_REPORT_FORCE.
 *
 * flags: 0 or SECUPOS_REPORT_FORCE.
 *
 * Ownership: the caller frees *out with secupos_report_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: where one of these comes back, nothing was sent: BUSY while something else runs at this terminal,
 * INVALID_ARGUMENT, JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_run_end_of_day(
    const secupos_till *till, secupos_report_flags flags, secupos_report **out, secupos_error **error);

/**
 * Begins a diagnosis and returns at once; secupos_report_wait tells what became of it. The terminal calls its host and
 * updates its settings. A till must offer this to the cashier. It may be run again whatever became of the last one. While a
 * payment or its reversal is in doubt and may still reach the terminal, it comes to SECUPOS_REPORT_NOT_RUN with the error
 * BUSY, unless flags is SECUPOS_REPORT_FORCE.
 *
 * flags: 0 or SECUPOS_REPORT_FORCE.
 *
 * Ownership: the caller frees *out with secupos_report_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: where one of these comes back, nothing was sent: BUSY while something else runs at this terminal,
 * INVALID_ARGUMENT, JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_run_diagnosis(
    const secupos_till *till, secupos_report_flags flags, secupos_report **out, secupos_error **error);

/**
 * Waits until the report has an outcome, but no longer than timeout_ms: 0 only asks, -1 waits for ever. *out is one of
 * SECUPOS_REPORT_*; SECUPOS_REPORT_PENDING if the time is over. Leaving the wait stops nothing.
 *
 * Ownership: none. NULL: no argument but error may be NULL. Threads: any; blocks the calling one.
 * Errors: INVALID_ARGUMENT if timeout_ms is below -1, FORKED in a forked child.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_report_wait(
    const secupos_report *report, int64_t timeout_ms, secupos_report_outcome *out, secupos_error **error);

/**
 * Renders what the terminal prints, as the options say; empty if it prints nothing, and while the report is running.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: options may be NULL (UTF-8 text, 42 columns), and
 * error. Threads: any. Errors: INVALID_ARGUMENT for ESC/POS in UTF-8.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_report_render(
    const secupos_report *report, const secupos_render_options *options, secupos_bytes **out, secupos_error **error);

/**
 * The report as one JSON object, the same in every binding: {"report": "end_of_day|diagnosis", "outcome":
 * "may_have_run|done|refused|not_run|pending", "created_at", "cashier_text": {"de", "en"}, "error", "receipt"}.
 *
 * Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
 * Errors: NULL_ARGUMENT, INVALID_HANDLE.
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_report_to_json(
    const secupos_report *report, secupos_bytes **out, secupos_error **error);

/**
 * What went wrong, where something did. NULL if nothing did, and while it is running.
 *
 * Ownership: borrowed from the report: do not free it. NULL: gives NULL. Threads: any. Errors: none.
 * @since 0.1
 */
SECUPOS_API const secupos_error *SECUPOS_CALL secupos_report_error(const secupos_report *report);

/**
 * Frees a report. Never waits and never stops it.
 *
 * Ownership: ends the caller's, and that of the error borrowed from it. NULL: does nothing.
 * Threads: any, but no other call may begin on this handle after it. Errors: none.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_report_free(secupos_report *report);

#ifdef __cplusplus
}
#endif

#endif /* SECUPOS_H */
