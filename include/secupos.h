/* secupos: card payments on a secuconnect terminal.
 *
 * This is a whole till. It finishes what an earlier run has left, takes one payment and does what is to be done next:
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
 *     static int print_copy(const secupos_payment *payment, secupos_copy copy) // whether it is printed
 *     {
 *         secupos_bytes *text = NULL;
 *         int printed = secupos_payment_render_receipt(payment, copy, NULL, &text, NULL) == SECUPOS_OK
 *             && fwrite(secupos_bytes_data(text), 1, secupos_bytes_len(text), stdout) == secupos_bytes_len(text);
 *         secupos_bytes_free(text);
 *         return printed;
 *     }
 *
 *     static int finish(const secupos_till *till, const secupos_payment *payment) // whether something else is open
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
 *             || secupos_config_set_state_file(config, argv[5], SECUPOS_STATE_CREATE, &error) != SECUPOS_OK // once
 *             || secupos_till_open(config, &till, &error) != SECUPOS_OK)
 *             return refuse(error);
 *         finish_what_was_left(till);
 *         if (secupos_sale_new(argv[6], argc > 8 ? atoi(argv[8]) : 1200, "EUR", &sale, &error) != SECUPOS_OK // 12 EUR
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
 * Try it against the simulator (secupos simulate). A till for production differs in three ways: it calls
 * secupos_config_set_environment in place of secupos_config_set_base_url, it gives SECUPOS_STATE_CREATE only once, when
 * it is set up, and it keeps its secupos_till open for as long as it runs. examples/c/pay.c is such a till.
 *
 * What a status and an outcome say about the money
 *   A status other than SECUPOS_OK from secupos_till_pay() or secupos_till_start_payment() means: this call sent
 *   nothing and charged nothing. SECUPOS_OK means: there is a payment. Its outcome says what became of it:
 *     APPROVED      The money moved. Do what the actions say, hand over the goods, acknowledge.
 *     FAILED        No money moved. Offer another attempt (secupos_sale_set_attempt) or cash.
 *     NOT_STARTED   No money moved. The terminal was never asked. Offer another attempt or cash.
 *     UNKNOWN       In doubt. Do not charge again. Ask the cashier what the terminal shows. Recover it or decide.
 *     REVERSED      The payment was made and has been reversed.
 *     PENDING       The payment is running.
 *
 * What the cashier may do
 *   outcome       money         goods  card again  cash  acknowledge  what secupos_payment_next_action says
 *   APPROVED      moved         yes    no          no    yes          print_merchant, take_signature, print_customer
 *   FAILED        did not move  no     yes         yes   no           try_again
 *   NOT_STARTED   did not move  no     yes         yes   no           try_again
 *   UNKNOWN       may have      no     no          no    no           look_at_terminal, ask_cashier, recover_later
 *   REVERSED      came back     no     no          yes   yes          print_customer
 *   PENDING       may move      no     no          no    no           nothing yet: wait
 *   "Card again" means the next attempt under the same reference. The customer signs if the receipt asks for a
 *   signature. A copy that the service did not send is not printed. Some reasons add an action: docs/payment-safety.md
 *   has the whole table. "Cash" for an UNKNOWN payment is a decision: after secupos_till_decide() the payment is
 *   NOT_STARTED or APPROVED. If only a part was charged, the payment is APPROVED and its last action is COLLECT_REST.
 *   secupos_payment_amount_due() says how much is missing.
 *
 * References and attempts
 *   The reference is the till's own number for a sale. It identifies the sale for ever. It is 1 to 64 bytes of composed
 *   text (NFC). It has no combining marks, no control or format characters, and no blank at either end.
 *   An attempt is one try to have the sale paid. The till counts the attempts of a sale from 1. Book by reference and
 *   attempt.
 *   Calls about an earlier payment take both. With attempt 0 the library chooses: the attempt that needs something, or
 *   else the one that took money, or else the last one. If two attempts need something, the call fails with
 *   INVALID_STATE, and the message names the two.
 *
 * Paying again is always safe
 *   secupos_till_pay() is idempotent in the sale's reference and attempt. After an error, a timeout, a crash or a power
 *   cut call it again with the same two. If the payment is running, the call joins it. If the payment is in doubt, the
 *   call goes on finding out. If there is a stored result, the call gives that result and its receipts
 *   (secupos_payment_replayed). It never begins another attempt by itself: after FAILED or NOT_STARTED the till asks
 *   for attempt + 1. The errors REFERENCE_CONFLICT, REFERENCE_CLOSED, ATTEMPT_OUT_OF_ORDER, POSSIBLE_DUPLICATE and BUSY
 *   say why it did not begin. secupos_till_start_payment explains each of them.
 *
 * The state file
 *   A till has one state file and one terminal. It shares neither with another till. The library writes each step to
 *   the file before it sends anything to the terminal, so that the file remembers a payment whose answer never came.
 *   Make the file once, when the till is set up, with SECUPOS_STATE_CREATE. From then on open it without, so that a
 *   lost file is noticed (STATE_FILE_MISSING). Keep it on a local disk, not on a network share. Never delete, copy,
 *   restore or share it, or the files beside it under the same name. A second program that opens it gets
 *   STATE_FILE_LOCKED. The library sets aside a file that is damaged or older than it should be. It never overwrites
 *   one. Payments are then refused with STATE_FILE_DAMAGED until a person has compared the last slips and
 *   secupos_till_accept_journal_loss() is called. The head, a small file beside the state file, shows that a state file
 *   is too old. secupos_config_set_head_file() puts the head on another disk, so that no backup brings back both.
 *   The file holds receipts with full account numbers. Only its owner may read it (0600). It belongs to one host,
 *   client and device. If one of these gets another name, secupos_till_rebind() says that it is the same till.
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
 *             secupos_payment_acknowledge(payment, till, &error);           then it is not listed any more
 *     }
 *     secupos_payment_list_free(left);
 *   If a payment's action is CHECK_UNFINISHED, acknowledge that payment, then do the same.
 *   The actions REFUND, COLLECT and COLLECT_REST ask for money, and each is given once. Act on the first payment object
 *   that has it. When the payment is given again, it has ASK_CASHIER in its place, and the cashier's text says when the
 *   money was asked for. Lists never ask for money: in secupos_till_unfinished() and secupos_till_find_payments() the
 *   payment has RECOVER_LATER in its place.
 *
 * When nobody knows
 *   The till asks again about an UNKNOWN payment at each open, every 15 minutes while it is idle, before the next
 *   payment, and in secupos_till_recover() and secupos_till_recover_all(). A person need not wait for that.
 *   secupos_till_decide() records that the sale was paid or was not paid, with a name and a reason.
 *   secupos_till_decide_reversal() does the same for a reversal. The till still asks the service for 7 days. If the
 *   service contradicts, the payment is unfinished again and secupos_payment_conflict() is 1. Then its first action is
 *   REFUND if the sale was charged more than once, COLLECT if a person took it for paid and it was not, and otherwise
 *   ASK_CASHIER or CALL_SUPPORT.
 *   Meanwhile the next customer is protected. While a payment or a reversal is in doubt and may still reach the
 *   terminal, the next payment is NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY. That ends with a decision, or with the
 *   grace. The grace is the sum of the timeouts for connecting, for a request and for the payment (at least 300 s), and
 *   30 s. With the default timeouts it is 370 s. Only time in which the machine was awake counts, and setting its clock
 *   shortens nothing. For an hour a payment of the same amount is refused with POSSIBLE_DUPLICATE, except after
 *   secupos_sale_confirm_not_duplicate().
 *
 * Aborting
 *   Any thread may call secupos_payment_abort(). It has three answers: ABANDONED, the payment will never be started;
 *   AT_TERMINAL, only STOP at the terminal can stop it; TOO_LATE, it has its outcome. In each case wait for the
 *   outcome: it alone counts. Leaving a wait, freeing a handle and closing the till stop nothing.
 *
 * Threads
 *   One thread: call secupos_till_start_payment(), then secupos_payment_wait(payment, 0, ...) from the timer of the
 *   window until the payment is no longer PENDING. Nothing blocks. secupos_payment_abort() belongs to the cancel
 *   button.
 *   A loop of its own: secupos_payment_notify() says when to look, in place of a timer. See "Being told".
 *   Two threads: one blocks in secupos_till_pay(). The other aborts the payment that secupos_till_recover() gives.
 *   Many threads: tills, payments, lists, receipts, reports, registrations, bytes and errors are shared. Any thread may
 *   call any function on them at any time, except _free while another call on the same handle runs. Settings, sales and
 *   render options are exclusive: use each in one thread, or lock around it. A till still takes one payment at a time:
 *   the second gets BUSY. The library's own threads call nothing of yours except the callbacks that you gave: those of
 *   the log (secupos_config_set_log) and of notices.
 *
 * Being told
 *   secupos_payment_notify(), secupos_report_notify() and secupos_registration_notify() each give one notice: the
 *   library calls a function of yours once, when the object is done, or at once if it is done already. It does not say
 *   how it ended: ask the object. Two calls give two notices, in no order. A payment that was aborted, reversed or
 *   recovered is done when it has its outcome.
 *   The thread      A notice has a thread of the library's own, which lives only for that call and holds no lock. The
 *                   call may return before secupos_payment_notify() does. The function must not throw, and should
 *                   return soon: if the system has no thread left, the till's own thread calls it.
 *   Inside          The function may call everything, on this object too: it may ask again, take the next payment and
 *                   free the handle.
 *   Freeing         The _free of the handle takes its notices back (secupos_payment_list_free for a payment of a list).
 *                   What has not been called will not be called. If the function is running, _free waits for it. So
 *                   when _free has returned, the function is not running and will not be called, and its userdata is
 *                   freed. Hold no lock meanwhile that the function waits for. Inside a callback, also one of another
 *                   object, _free does not wait. Another handle for the same payment keeps its own notices.
 *   userdata        It belongs to the library as soon as the call is made. The library frees it by one call of
 *                   userdata_free: after the function has returned, on the same thread; or in _free or
 *                   secupos_end_callbacks(), if it was taken back; or before the call returns, if the call fails.
 *   The end         secupos_end_callbacks() takes all notices back. In a forked child a call fails with FORKED.
 *
 * Shutting down
 *   1. Take no new payment. Leave the one that is running, or call secupos_payment_abort() on it.
 *   2. Call secupos_payment_wait(payment, some seconds, ...). If it is still PENDING, leave it: the state file has it.
 *   3. Free everything, in any order. This waits for nothing and stops nothing.
 *   4. Return from main(). Next time secupos_till_recover_all() gives what was running.
 *   A power cut does the same without asking. Nothing that counts depends on these four steps.
 *
 * What each status tells the cashier (secupos_error_cashier_text, there in German too)
 *   10 NULL_ARGUMENT         Fault in the till program: an argument is missing. Nothing was sent. Please call the
 *                            till's maker.
 *   11 INVALID_UTF8          Fault in the till program: a text is not UTF-8. Nothing was sent. Please call the
 *                            till's maker.
 *   12 INVALID_ARGUMENT      A value from the till is not valid. Nothing was sent. Please check the entry.
 *   13 INVALID_HANDLE        Fault in the till program: wrong object. Nothing was sent. Please call the till's
 *                            maker.
 *   14 INVALID_STATE         This is not possible at the moment. Nothing was sent.
 *   20 STATE_FILE_MISSING    The till's state file is missing. Nothing was sent. Please call the till's maker.
 *   21 STATE_FILE_LOCKED     Another program is using this till. Nothing was sent from here. Please finish there.
 *   22 STATE_FILE_DAMAGED    The till's state file is damaged. Nothing was sent. Please call the till's maker.
 *   23 STATE_FILE_MISMATCH   The state file belongs to another till. Nothing was sent. Please check the settings.
 *   24 STATE_FILE_TOO_NEW    The state file was written by a newer version. Nothing was sent. Please update
 *                            secupos.
 *   25 JOURNAL_FAILED        The till cannot write to its disk. Nothing was charged. Please check the free space.
 *   30 REFERENCE_CONFLICT    This sale's number has been used before. Nothing was sent. Please look at the earlier
 *                            payment.
 *   31 REFERENCE_CLOSED      This sale's number is closed. Nothing was sent. Please use a new number.
 *   32 POSSIBLE_DUPLICATE    The same amount is still in doubt in an earlier payment. Nothing was sent. Please
 *                            settle that one first.
 *   33 ATTEMPT_OUT_OF_ORDER  Fault in the till program: this attempt is not the next one. Nothing was sent.
 *   34 NOT_FOUND             There is no payment with this number. Nothing was sent.
 *   35 BUSY                  The terminal is busy with something else. Nothing was sent. Please wait.
 *   36 CONFIRMATION_REQUIRED This payment is older than a day. Nothing was sent. Please confirm the reversal
 *                            explicitly.
 *   40 NOT_REGISTERED        This till is not registered. Nothing was charged. Please register it with secuconnect.
 *   41 REGISTRATION_DENIED   The till's registration was denied. Nothing was charged. Please register again.
 *   42 REGISTRATION_EXPIRED  The till's registration has expired. Nothing was charged. Please register again.
 *   43 INVALID_CREDENTIALS   secuconnect does not accept the till's credentials. Nothing was charged. Please check
 *                            the settings.
 *   50 UNREACHABLE           No connection to the payment service. Please check the network.
 *   51 TLS                   The secure connection to the payment service failed. Please check the till's clock and
 *                            network.
 *   52 TIMEOUT               The payment service did not answer in time. Please check the network.
 *   53 PROXY                 The proxy refused the connection to the payment service. Please check the settings.
 *   60 SERVER_REFUSED        The payment service refused the request. Please see what it says.
 *   61 SERVER_FAILED         The payment service has a fault. Please wait a moment.
 *   62 PROTOCOL              The payment service sent an answer that makes no sense. Please call the till's maker.
 *   70 RECEIPT_MALFORMED     The receipt cannot be read. Please call the till's maker.
 *   71 RECEIPT_TOO_LARGE     The receipt is too large. Please call the till's maker.
 *   90 INTERNAL              Internal fault in secupos. Please call the till's maker.
 *   91 FORKED                Fault in the till program: this object belongs to another process. Nothing was sent.
 *
 * Conventions
 *   These rules hold for every function. A comment says only what differs.
 *   Arguments     The object comes first, then inputs, then outputs, and last the error. A call clears all outputs and
 *                 *error first. It sets an output only if it returns SECUPOS_OK.
 *   NULL          Only `error` may be NULL, and arguments whose comment says "may be NULL". Otherwise NULL gives
 *                 NULL_ARGUMENT. A getter of NULL or of a wrong handle gives NULL or 0. _free(NULL) does nothing.
 *   Texts         Texts in end with a NUL and are UTF-8. The library checks them, and copies what it keeps. Convert
 *                 Windows-1252 first. Texts out are UTF-8, too. NULL means that there is none.
 *   Ownership     Handles are opaque. What a call gives through `out` belongs to the caller: free it with the function
 *                 that the comment names, never with free(). What a getter gives (a text, an error, a payment of a
 *                 list) is borrowed: it lives as long as the object it came from, and is not freed. Handles may be
 *                 freed in any order: a payment outlives its till, a receipt outlives its payment. Freeing never
 *                 stops a payment, and waits for nothing except a callback that the handle was given and that is
 *                 running. Once _free begins, no other call on the handle may begin.
 *   Waiting       secupos_till_pay, secupos_till_recover_all and the three _wait functions wait for the network and the
 *                 customer. secupos_end_callbacks waits for callbacks, and so may a _free ("Being told").
 *                 Nothing else waits for any of these.
 *   Network       Only opening, paying, recovering, reversing, registering and running reports use the network. Nothing
 *                 else does: listing, acknowledging, deciding, rebinding and the archive work without it.
 *   Numbers       Money is int64_t in minor units (cents), never a float. Time is int64_t milliseconds since 1970 UTC.
 *                 Booleans are int32_t 0 or 1. All constants are frozen. An outcome, a reversal or a report that this
 *                 program does not know reads as 0: in doubt.
 *   Errors        A function without `error` cannot fail. Any other can return these common errors: NULL_ARGUMENT;
 *                 INVALID_HANDLE for a handle of another type or one that a fault has made unusable; INVALID_UTF8 for a
 *                 text; INTERNAL for a fault in secupos. If it takes a till: JOURNAL_FAILED if the state file cannot be
 *                 read or written; STATE_FILE_DAMAGED if it is damaged; STATE_FILE_TOO_NEW if the call must write and a
 *                 newer secupos wrote the file; FORKED in a forked child. The three _wait functions, the three _notify
 *                 functions and secupos_payment_abort return FORKED, too. A comment names a common error only where it
 *                 means more.
 *   Threads       Each type says "shared" (any thread, concurrently) or "exclusive" (one thread at a time). A function
 *                 may be called from any thread that may use its arguments.
 *   Processes     A till belongs to the process that opened it. After fork() the child gets FORKED and keeps nothing
 *                 locked. It may open a till of its own as soon as it has freed the one that it inherited and nobody
 *                 else has the state file open. Freeing an inherited till does nothing to the parent's.
 *   Faults        No panic leaves the library. It installs no signal handler and logs nothing by itself. It reads two
 *                 things from the environment: where Linux keeps certificates (SSL_CERT_FILE, SSL_CERT_DIR), and the
 *                 proxy, if a till asks for that with secupos_config_set_proxy.
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
 * Why a call failed. Shared: it never changes. It holds no secret and no receipt, so that it may be logged and shown.
 */
typedef struct secupos_error secupos_error;

/**
 * A till's settings. Exclusive: one thread at a time. They may be used for several tills. They may be freed as soon as
 * the till is open.
 */
typedef struct secupos_config secupos_config;

/**
 * A till: one state file, one terminal, one payment at a time. Shared: any thread, concurrently. Open it once and keep
 * it for as long as the program runs.
 */
typedef struct secupos_till secupos_till;

/** A registration that is running or has ended. Shared: any thread, concurrently. */
typedef struct secupos_registration secupos_registration;

/**
 * What the customer is to pay. Exclusive: one thread at a time. It may be freed as soon as the payment has been
 * started.
 */
typedef struct secupos_sale secupos_sale;

/** One copy of a receipt. Shared: it never changes. */
typedef struct secupos_receipt secupos_receipt;

/**
 * How a receipt is rendered. Exclusive: one thread at a time. They may be used for any number of receipts. A format
 * ignores the options that it has no use for. NULL in their place means UTF-8 text with 42 columns.
 */
typedef struct secupos_render_options secupos_render_options;

/**
 * Bytes: a rendered receipt, or JSON. Shared: they never change. A NUL follows the last byte, so that text may be used
 * as a C string.
 */
typedef struct secupos_bytes secupos_bytes;

/**
 * A payment. Shared: any thread, concurrently. It changes once, from pending to its result. Until then the getters of
 * the result give NULL or 0. An unknown payment stays unknown: secupos_till_recover gives a new one that knows more.
 */
typedef struct secupos_payment secupos_payment;

/** Payments, the oldest first. Shared: the list never changes. A payment in it changes if it is still running. */
typedef struct secupos_payment_list secupos_payment_list;

/** A report. Shared: any thread, concurrently. It changes once, from pending to its result. */
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
 *   config_set_head_file config_set_state_group config_set_timeout_ms
 *
 * The log
 *   config_set_log
 *
 * The end of all callbacks
 *   end_callbacks
 *
 * Tills
 *   till_open till_free till_pay till_start_payment till_unfinished till_recover till_recover_all till_reverse
 *   till_reverse_confirmed till_end_of_day_due till_end_of_day_due_since till_to_json till_acknowledge
 *   payment_acknowledge till_decide till_decide_reversal till_rebind till_find_payments till_accept_journal_loss
 *
 * Registering a till
 *   till_register till_registration_state registration_user_code registration_verification_url registration_expires_at
 *   registration_wait registration_notify registration_free
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
 * What became of a payment, why, and what to do next
 *   outcome_name reason_name reversal_name phase_name action_name
 *
 * Payments
 *   payment_wait payment_notify payment_abort payment_free payment_outcome payment_reason payment_phase
 *   payment_reversal payment_decided_by payment_replayed payment_conflict payment_next_action_count payment_next_action
 *   payment_reference payment_attempt payment_transaction_id payment_status_text payment_amount payment_amount_charged
 *   payment_amount_due payment_currency payment_receipt_number payment_created_at payment_completed_at
 *   payment_signature payment_merchant_receipt_due payment_receipts_pruned payment_cashier_text payment_error
 *   payment_receipt payment_render_receipt payment_to_json
 *
 * Lists of payments
 *   payment_list_count payment_list_payment payment_list_free
 *
 * Reports of the terminal: end of day, diagnosis
 *   till_run_end_of_day till_run_diagnosis report_wait report_outcome_now report_phase report_created_at
 *   report_cashier_text report_notify report_render report_to_json report_error report_free
 */

/* Languages -------------------------------------------------------------------------------------------------------- */

/**
 * The language of a text for the cashier.
 *
 * In C any other number means German.
 */
typedef int32_t secupos_language;

/** German. */
#define SECUPOS_LANGUAGE_GERMAN 1

/** English. */
#define SECUPOS_LANGUAGE_ENGLISH 2

/* Statuses and errors ---------------------------------------------------------------------------------------------- */

/**
 * The result of a call. The numbers are frozen.
 *
 * A call that fails with one of these has sent no start. No money moved because of it. A status never says what became
 * of a payment: the payment's outcome says that.
 *
 * In C it is SECUPOS_OK or one of SECUPOS_STATUS_*.
 */
typedef int32_t secupos_status;

/** The call succeeded. */
#define SECUPOS_OK 0

/** A required argument is missing: NULL. */
#define SECUPOS_STATUS_NULL_ARGUMENT 10

/** A text is not valid UTF-8. */
#define SECUPOS_STATUS_INVALID_UTF8 11

/** An argument has a value that cannot be used. The message names the argument and the value. */
#define SECUPOS_STATUS_INVALID_ARGUMENT 12

/** A handle of another type, or one that a panic has made unusable. */
#define SECUPOS_STATUS_INVALID_HANDLE 13

/** The object is in a state in which this call is not possible. */
#define SECUPOS_STATUS_INVALID_STATE 14

/** The state file does not exist. */
#define SECUPOS_STATUS_STATE_FILE_MISSING 20

/** Another till uses the state file, here or in another process. */
#define SECUPOS_STATUS_STATE_FILE_LOCKED 21

/**
 * The state file was damaged, lost or brought back from an older day. No payment begins until
 * secupos_till_accept_journal_loss.
 */
#define SECUPOS_STATUS_STATE_FILE_DAMAGED 22

/** The state file belongs to another till. */
#define SECUPOS_STATUS_STATE_FILE_MISMATCH 23

/** The state file was written by a newer secupos. */
#define SECUPOS_STATUS_STATE_FILE_TOO_NEW 24

/** The state file could not be read or written. */
#define SECUPOS_STATUS_JOURNAL_FAILED 25

/** The reference was used before, with other values or in a way that cannot be repeated. */
#define SECUPOS_STATUS_REFERENCE_CONFLICT 30

/** The reference is closed: its payment was acknowledged. */
#define SECUPOS_STATUS_REFERENCE_CLOSED 31

/**
 * A payment of the same amount under another reference is in doubt, or may have been paid after all. See
 * secupos_sale_confirm_not_duplicate.
 */
#define SECUPOS_STATUS_POSSIBLE_DUPLICATE 32

/** The attempt is not the next one. */
#define SECUPOS_STATUS_ATTEMPT_OUT_OF_ORDER 33

/** No payment has this reference and attempt. */
#define SECUPOS_STATUS_NOT_FOUND 34

/** The till is busy with another operation. */
#define SECUPOS_STATUS_BUSY 35

/** A person at the till must confirm it first. */
#define SECUPOS_STATUS_CONFIRMATION_REQUIRED 36

/** The till has not been registered. */
#define SECUPOS_STATUS_NOT_REGISTERED 40

/** The registration was denied. */
#define SECUPOS_STATUS_REGISTRATION_DENIED 41

/** The registration was not confirmed in time. */
#define SECUPOS_STATUS_REGISTRATION_EXPIRED 42

/** The server does not accept the client's id, secret or device code. */
#define SECUPOS_STATUS_INVALID_CREDENTIALS 43

/** The server could not be reached. */
#define SECUPOS_STATUS_UNREACHABLE 50

/** TLS failed: the server could not prove who it is. */
#define SECUPOS_STATUS_TLS 51

/** The server did not answer in time. */
#define SECUPOS_STATUS_TIMEOUT 52

/** The proxy refused the connection. */
#define SECUPOS_STATUS_PROXY 53

/** The server refused the request. */
#define SECUPOS_STATUS_SERVER_REFUSED 60

/** The server failed. */
#define SECUPOS_STATUS_SERVER_FAILED 61

/** The server's answer cannot be understood. */
#define SECUPOS_STATUS_PROTOCOL 62

/** The input is not a receipt. */
#define SECUPOS_STATUS_RECEIPT_MALFORMED 70

/** The input is larger than any receipt. */
#define SECUPOS_STATUS_RECEIPT_TOO_LARGE 71

/** A fault in secupos itself. */
#define SECUPOS_STATUS_INTERNAL 90

/** The process was forked after the till was opened. */
#define SECUPOS_STATUS_FORKED 91

/**
 * The status that the call returned.
 *
 * @param error the error
 * @return one of SECUPOS_STATUS_*
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_error_status(const secupos_error *error);

/**
 * What went wrong, in English, for the programmer and the log. It names the argument at fault.
 *
 * @param error the error
 * @return the message
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_message(const secupos_error *error);

/**
 * What happened and what to do now, for the person at the till. It contains the server's own words if the server sent
 * some.
 *
 * @param error the error
 * @param language one of SECUPOS_LANGUAGE_*
 * @return the text
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_cashier_text(const secupos_error *error, secupos_language language);

/**
 * The HTTP status of the server's answer.
 *
 * @param error the error
 * @return the status, such as 404; 0 if there was no answer
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_error_http_status(const secupos_error *error);

/**
 * The server's code for the error.
 *
 * @param error the error
 * @return a number such as "2003" or an OAuth word such as "invalid_client"; NULL if the server sent none
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_server_code(const secupos_error *error);

/**
 * The server's text for the user (`error_user`), usually in German.
 *
 * @param error the error
 * @return the text; NULL if the server sent none
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_server_text(const secupos_error *error);

/**
 * The number that the vendor's help desk asks for (`supportId`).
 *
 * @param error the error
 * @return the number; NULL if the server sent none
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_error_support_id(const secupos_error *error);

/**
 * How long the server asks the till to wait.
 *
 * @param error the error
 * @return milliseconds; 0 if the server does not ask
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_error_retry_after_ms(const secupos_error *error);

/**
 * Frees an error that a call gave through `error`. Do not free an error that a getter gave (secupos_payment_error,
 * secupos_report_error): it is borrowed.
 *
 * @param error the error
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_error_free(secupos_error *error);

/* Versions --------------------------------------------------------------------------------------------------------- */

/**
 * The version of the binary interface that this header describes. It changes only when a program would break. A
 * program that loads the library at run time compares it with secupos_abi_version().
 */
#define SECUPOS_ABI_VERSION 1

/**
 * The library's version.
 *
 * @return a text such as "0.1.0"; it is never freed
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_version(void);

/**
 * The version of the library's binary interface. If it is not SECUPOS_ABI_VERSION, this header does not describe the
 * library that was loaded: do not call any other function.
 *
 * @return the version
 * @since 0.1
 */
SECUPOS_API uint32_t SECUPOS_CALL secupos_abi_version(void);

/**
 * The name of a status without its prefix, for logs.
 *
 * @param status the status
 * @return "OK", "BUSY", …; "?" for a number that is no status; it is never freed
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_status_name(secupos_status status);

/* Settings --------------------------------------------------------------------------------------------------------- */

/** One of the vendor's installations. */
typedef int32_t secupos_environment;

/** How the state file is opened. */
typedef int32_t secupos_state_flags;

/** Which timeout: each limits one thing that can take too long. */
typedef int32_t secupos_timeout;

/** The installation where tills take money. */
#define SECUPOS_ENVIRONMENT_PRODUCTION 1

/** The installation where tills are tried out. Terminal payments move real money there too: try with cents. */
#define SECUPOS_ENVIRONMENT_TESTING 2

/** Name lookup, connecting and TLS. Default 10 000 ms. */
#define SECUPOS_TIMEOUT_CONNECT 1

/** Every request except the payment itself. Default 30 000 ms. */
#define SECUPOS_TIMEOUT_REQUEST 2

/** The customer at the terminal. Default 300 000 ms, at most 600 000 ms. */
#define SECUPOS_TIMEOUT_PAYMENT 3

/** Reading a payment in doubt before it is called unknown. Default 90 000 ms. */
#define SECUPOS_TIMEOUT_RESOLVE 4

/** A reversal, an end of day or a diagnosis at the terminal. Default 180 000 ms. */
#define SECUPOS_TIMEOUT_TERMINAL 6

/**
 * Makes the state file if there is none. Give it once, when the till is set up. A till that makes a new file each day
 * forgets which payments were in doubt.
 */
#define SECUPOS_STATE_CREATE 1

/**
 * Makes empty settings.
 *
 * @param out the settings; free them with secupos_config_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_new(secupos_config **out, secupos_error **error);

/**
 * Frees settings. Tills that were opened with them live on.
 *
 * @param config the settings
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_config_free(secupos_config *config);

/**
 * Chooses one of the vendor's installations. A till needs this call or secupos_config_set_base_url. The later call
 * counts.
 *
 * @param config the settings
 * @param environment one of SECUPOS_ENVIRONMENT_*
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the number is no environment
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_environment(
    secupos_config *config, secupos_environment environment, secupos_error **error);

/**
 * Sets the address of the API, for example `https://connect.secucard.com`.
 *
 * @param config the settings
 * @param url an https address. Plain http is accepted only for this machine (127.0.0.1, ::1, localhost), for a
 *     simulator.
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the address cannot be used
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_base_url(
    secupos_config *config, const char *url, secupos_error **error);

/**
 * Sets the client id and secret that the vendor gave to the maker of the till. Every till needs them.
 *
 * @param config the settings
 * @param id the client id
 * @param secret the client secret
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_client_credentials(
    secupos_config *config, const char *id, const char *secret, secupos_error **error);

/**
 * Sets the code of a device that was registered elsewhere. The till logs in as that device, which determines the
 * merchant and the terminal. Without a code it logs in as the vendor's client. It never uses one in place of the
 * other. Do not call this for a till that is to be registered by secupos_till_register.
 *
 * @param config the settings
 * @param code the device code
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_device_code(
    secupos_config *config, const char *code, secupos_error **error);

/**
 * Trusts the certificates in a PEM file in addition to the system's roots. The call reads the file. TLS is always
 * verified: no switch turns that off.
 *
 * @param config the settings
 * @param ca_file the path of the file
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the file cannot be read or holds no certificate
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_add_ca_file(
    secupos_config *config, const char *ca_file, secupos_error **error);

/**
 * Connects through an HTTP proxy. Without this call the till uses no proxy. The connection to the service stays
 * encrypted from end to end: the proxy opens a tunnel (CONNECT). A service on this machine that is reached without TLS
 * is reached without a proxy.
 *
 * The word `environment` in place of an address means: use the proxy that HTTPS_PROXY or ALL_PROXY names, except for
 * the hosts in NO_PROXY. If neither is set, or if it cannot be read, the till uses no proxy. A failure on the way
 * through such a proxy is UNREACHABLE, never PROXY. The library reads these variables only then.
 *
 * @param config the settings
 * @param url the proxy's address, for example `http://proxy.example:3128`, or the word `environment`
 * @param user the user name at the proxy; may be NULL if password is NULL. It must be NULL with `environment`, whose
 *     address contains it.
 * @param password the password at the proxy; may be NULL if user is NULL
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, INVALID_ARGUMENT, or NULL_ARGUMENT if only one of user and password is given
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_proxy(
    secupos_config *config, const char *url, const char *user, const char *password, secupos_error **error);

/**
 * Adds the till's own name to the User-Agent that the library sends.
 *
 * @param config the settings
 * @param suffix a name such as "Kasse/3.2": up to 100 bytes of visible ASCII
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_user_agent_suffix(
    secupos_config *config, const char *suffix, secupos_error **error);

/**
 * Names the state file. Every till needs one: see "The state file" at the top. The call does not touch the disk yet.
 *
 * @param config the settings
 * @param state_file a file on a local disk, in a folder that exists. A relative path begins at the folder in which the
 *     program runs when the till is opened. Files that belong to it are kept beside it under the same name with an
 *     ending (.head, .lock, .reserve, …).
 * @param flags 0, or SECUPOS_STATE_CREATE when the till is set up
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty or the flags are unknown
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_state_file(
    secupos_config *config, const char *state_file, secupos_state_flags flags, secupos_error **error);

/**
 * Puts the head of the state file in another place than beside it. The head shows that a state file was lost or
 * brought back from a backup. Choose another disk, so that one backup cannot bring back both files. Set the same place
 * each time the till is opened, from the first time on: a head that is not there counts as a loss. The call does not
 * touch the disk yet.
 *
 * @param config the settings
 * @param head_file a file on a local disk, in a folder that exists. A relative path begins at the folder in which the
 *     program runs when the till is opened.
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_head_file(
    secupos_config *config, const char *head_file, secupos_error **error);

/**
 * Lets a group of the machine's users read and write the state file and the files beside it, in addition to their
 * owner. For a till at which several users of the machine work in turn. Whoever is in the group can read the receipts.
 * All of them must set the same group, and must be allowed to make files in the folder. Days that are exported stay
 * their owner's.
 *
 * @param config the settings
 * @param state_group the group's name. In its place its number, or on Windows its identifier: `S-1-5-32-545` are the
 *     users, which have another name in each language of Windows. A single user of Windows is taken, too.
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if this machine does not know the group
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_state_group(
    secupos_config *config, const char *state_group, secupos_error **error);

/**
 * Sets one timeout.
 *
 * @param config the settings
 * @param which one of SECUPOS_TIMEOUT_*
 * @param ms milliseconds, from 100 to 3 600 000. SECUPOS_TIMEOUT_PAYMENT is at most 600 000. SECUPOS_TIMEOUT_RESOLVE
 *     may be 0, which means: read once.
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_timeout_ms(
    secupos_config *config, secupos_timeout which, int64_t ms, secupos_error **error);

/* Callbacks -------------------------------------------------------------------------------------------------------- */

/**
 * Hears that a payment, a report or a registration is done. It must not throw.
 *
 * @param userdata what was given with the callback
 */
typedef void (SECUPOS_CALL *secupos_done_callback)(void *userdata);

/**
 * Frees userdata. It must not throw.
 *
 * @param userdata what was given with the callback
 * @since 0.1
 */
typedef void (SECUPOS_CALL *secupos_free_callback)(void *userdata);

/* The log ---------------------------------------------------------------------------------------------------------- */

/** How much a line of the log matters. A log has the lines of its level and those that matter more. */
typedef int32_t secupos_log_level;

/**
 * Receives one line of the log. It must not throw.
 *
 * @param level one of SECUPOS_LOG_*
 * @param line UTF-8 without a line break, valid until the callback returns
 * @param userdata what was given to secupos_config_set_log
 */
typedef void (SECUPOS_CALL *secupos_log_callback)(secupos_log_level level, const char *line, void *userdata);

/** No lines. */
#define SECUPOS_LOG_OFF 0

/** Something is broken: the disk, secupos itself. */
#define SECUPOS_LOG_ERROR 1

/** Something failed that may mend itself, or a payment is in doubt. */
#define SECUPOS_LOG_WARNING 2

/** What a till does: it was opened, a payment began, a payment ended. */
#define SECUPOS_LOG_INFO 3

/** Each request: method, path, HTTP status, duration, and the payment it belongs to. */
#define SECUPOS_LOG_DEBUG 4

/**
 * Sends the log of the tills that are opened with these settings from now on to a callback. It replaces the callback
 * that was set before. Tills that are open keep theirs. Without a callback the library logs nothing. No line holds a
 * secret, a receipt or an account number, at any level.
 *
 * One of the library's own threads calls the callback, one line after the other, while payments go on. The callback
 * may take its time, call this library, and free the till. Up to 1024 lines wait for it. The library drops further
 * lines, and a line says how many it dropped. The log ends when these settings and all tills opened with them are
 * freed and their last payment has its outcome, or when secupos_end_callbacks is
 * called.
 *
 * The library frees userdata by one call of userdata_free: after the last line, or before this call returns if the
 * call fails or the level is SECUPOS_LOG_OFF.
 *
 * @param config the settings
 * @param level one of SECUPOS_LOG_*
 * @param callback receives the lines; NULL is accepted with SECUPOS_LOG_OFF
 * @param userdata is passed to the callback; may be NULL. It belongs to the library from now on.
 * @param userdata_free frees userdata; may be NULL
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, INVALID_ARGUMENT if the number is no level, or INTERNAL if no thread could be
 *     started
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_log(
    secupos_config *config, secupos_log_level level, secupos_log_callback callback, void *userdata,
    secupos_free_callback userdata_free, secupos_error **error);

/* The end of all callbacks ----------------------------------------------------------------------------------------- */

/**
 * Ends all logs of this process and takes all its notices back (secupos_payment_notify and its kin). It waits for
 * callbacks that are running. When it returns, no callback is running, none will be called again, and each
 * userdata_free has been called. Tills and payments go on. They log nothing more, and nobody is told of their end. What
 * is asked for after this call is called again.
 *
 * It is meant for a language's runtime that is about to end and cannot be called afterwards. A C program need not call
 * it. Several threads may call it at once: each of them waits. A callback that calls it does not wait, and is not
 * called again.
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_end_callbacks(void);

/* Tills ------------------------------------------------------------------------------------------------------------ */

/** What a person says about a payment in doubt. */
typedef int32_t secupos_decision;

/** What a person says about a reversal in doubt. */
typedef int32_t secupos_reversal_decision;

/** The customer has paid: there is a slip, or the terminal shows it. */
#define SECUPOS_DECISION_PAID 1

/** The customer has not paid. */
#define SECUPOS_DECISION_NOT_PAID 2

/** The money has gone back: there is a slip, or the terminal shows it. */
#define SECUPOS_REVERSAL_DECISION_REVERSED 1

/** The money has not gone back. */
#define SECUPOS_REVERSAL_DECISION_NOT_REVERSED 2

/**
 * Opens a till and its state file. It does not wait for the network: wrong credentials show with the first payment.
 * The till asks in the background about what was left in doubt. Call secupos_till_recover_all next.
 *
 * A state file that is damaged or lost opens, too. The library sets it aside and keeps what can be read of it.
 * Payments are then refused with STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called.
 *
 * @param config the settings
 * @param out the till; free it with secupos_till_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - INVALID_ARGUMENT if the settings are incomplete
 * - STATE_FILE_MISSING if there is no state file and SECUPOS_STATE_CREATE was not given, or if its folder does not
 *   exist
 * - STATE_FILE_LOCKED if the state file is in use: by another process, by another till of this one, by a payment that
 *   goes on after its till was freed, or, in a forked child, by the till that it inherited, until that one is freed
 *   there
 * - STATE_FILE_MISMATCH if the state file belongs to another till (base URL, client or device). If it is the same till
 *   all the same, call secupos_till_rebind.
 * - STATE_FILE_TOO_NEW if a newer secupos wrote the state file
 * - JOURNAL_FAILED if the state file cannot be written
 * - TLS if the system's roots cannot be read
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_open(
    const secupos_config *config, secupos_till **out, secupos_error **error);

/**
 * Closes a till. A payment that is running goes on, and its secupos_payment still receives its outcome. The till
 * releases the state file at once, or, if a payment is running, a moment after that has ended.
 *
 * @param till the till
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_till_free(secupos_till *till);

/**
 * Takes a card payment and blocks until it has an outcome, which may take minutes. It does the same as
 * secupos_till_start_payment followed by secupos_payment_wait without a limit. Another thread that wants to abort the
 * payment gets it from secupos_till_recover.
 *
 * SECUPOS_OK means that there is a payment in *out. Its outcome says what became of it. Any other status means that
 * this call sent nothing and charged nothing.
 *
 * It is always safe to call it again, also after an error, a crash or a power cut: secupos_till_start_payment explains
 * why.
 *
 * @param till the till
 * @param sale what the customer is to pay
 * @param out the payment; free it with secupos_payment_free
 * @param error why the call failed
 * @return as secupos_till_start_payment
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_pay(
    const secupos_till *till, const secupos_sale *sale, secupos_payment **out, secupos_error **error);

/**
 * Begins a card payment and returns at once. secupos_payment_wait gives its outcome.
 *
 * SECUPOS_OK means that there is a payment in *out. Its outcome says what became of it. Any other status means that
 * this call sent nothing and charged nothing.
 *
 * The call is idempotent in the sale's reference and attempt. It depends on what the state file says about the two:
 * - nothing: it takes the payment
 * - the payment is running: it gives that payment; two callers make one charge
 * - the payment is in doubt: it goes on finding out what became of it, and starts nothing
 * - the payment has an outcome: it gives that outcome and the receipts again (secupos_payment_replayed), and sends
 *   nothing
 *
 * After FAILED or NOT_STARTED the next attempt has the next number (secupos_sale_set_attempt). An APPROVED or
 * REVERSED reference takes no further attempt. If an earlier payment is in doubt, the payment may be NOT_STARTED with
 * SECUPOS_REASON_TERMINAL_BUSY. Then clear up the earlier payment or wait for the end of its grace, and pay again with
 * the next attempt. The call reports only the attempt that it was asked for. SECUPOS_ACTION_CHECK_UNFINISHED says that
 * something else needs a person.
 *
 * @param till the till
 * @param sale what the customer is to pay
 * @param out the payment; free it with secupos_payment_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - INVALID_ARGUMENT if the items do not add up to the amount
 * - REFERENCE_CONFLICT if the reference or the attempt was used for another amount, or if one of its attempts took
 *   money
 * - REFERENCE_CLOSED if the reference was acknowledged and this attempt needs nothing: use a new reference
 * - ATTEMPT_OUT_OF_ORDER if this is not the next attempt, or if the one before is neither FAILED nor NOT_STARTED
 * - POSSIBLE_DUPLICATE if a payment of the same amount has been in doubt for less than an hour, or if a person decided
 *   less than 15 minutes ago, without the terminal's own word, that one was not paid. Compare the two, then call
 *   secupos_sale_confirm_not_duplicate.
 * - BUSY while something else runs at this till's terminal
 * - STATE_FILE_DAMAGED if the state file was damaged, lost or brought back from an older day: call
 *   secupos_till_accept_journal_loss
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_start_payment(
    const secupos_till *till, const secupos_sale *sale, secupos_payment **out, secupos_error **error);

/**
 * Lists what the till must still deal with: payments and reversals in doubt, payments that were approved or reversed
 * and are not acknowledged, conflicts, and receipts that came after the payment was acknowledged. A payment that is
 * running in this process is listed as PENDING as soon as its start may have been sent.
 *
 * The list is for a screen. It never asks for money: it shows SECUPOS_ACTION_RECOVER_LATER instead.
 * secupos_till_recover_all asks.
 *
 * @param till the till
 * @param out the payments; free them with secupos_payment_list_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_unfinished(
    const secupos_till *till, secupos_payment_list **out, secupos_error **error);

/**
 * Finds out what became of an earlier payment and returns at once. secupos_payment_wait gives its outcome. It never
 * starts anything: it only reads. A payment that was never started is NOT_STARTED. If the payment is running, *out is
 * that payment. If the outcome is proven, it comes from the state file. Otherwise the till asks the service again.
 *
 * @param till the till
 * @param reference the sale's reference
 * @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
 * @param out the payment; free it with secupos_payment_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - NOT_FOUND if the state file does not know the reference or the attempt
 * - INVALID_STATE if attempt is 0 and two attempts need something
 * - INVALID_ARGUMENT if attempt is negative
 * - BUSY if the service must be asked and another payment of this till is running
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_recover(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_payment **out, secupos_error **error);

/**
 * Finds out what became of everything that is unfinished. It blocks until that is done or timeout_ms has passed. What
 * is still in doubt then is UNKNOWN. In the time that is left it asks about what is not proven, and adds the payments
 * that have changed. It never starts anything. Payments are BUSY while it runs.
 *
 * Each till calls this when it is started, and when an action is SECUPOS_ACTION_CHECK_UNFINISHED. See "After a crash"
 * at the top. For each payment in *out do what its actions say, then call secupos_payment_acknowledge.
 *
 * @param till the till
 * @param timeout_ms from 0 to 3 600 000; 0 uses no network and gives only what is known
 * @param out one payment for each attempt; free them with secupos_payment_list_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, BUSY while something else runs at this terminal, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_recover_all(
    const secupos_till *till, int64_t timeout_ms, secupos_payment_list **out, secupos_error **error);

/**
 * Begins to reverse an approved payment at the terminal and returns at once. Wait with secupos_payment_wait, then ask
 * secupos_payment_reversal. The receipt number comes from the state file. Only girocard and direct debit payments can
 * be reversed, and only until the end of the terminal's day. The service refuses everything else.
 *
 * The reversal is SECUPOS_REVERSAL_REFUSED if no request was sent, or if the service itself refused the first request
 * at once and the payment still stands 12 s later. Any other reversal that is not done is SECUPOS_REVERSAL_UNKNOWN
 * until the service says "cancelled" or a person decides (secupos_till_decide_reversal). While it is in doubt and may
 * still reach the terminal, payments are NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY.
 *
 * It is safe to call it again. It joins a reversal that is running, and gives the result of one that is done. For a
 * reversal in doubt it sends a second request only if the first one can no longer reach the terminal and the service
 * says that the payment stands. secupos_till_recover only asks.
 *
 * @param till the till
 * @param reference the sale's reference
 * @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
 * @param out the payment; free it with secupos_payment_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or one of these, and then nothing was sent:
 * - NOT_FOUND if the state file does not know the reference or the attempt
 * - INVALID_STATE if the payment is not approved
 * - INVALID_STATE if its number may be another payment's, because the terminal has counted anew or is another one now,
 *   because an end of day ran or may have run after it, or because the till was bound anew
 * - INVALID_STATE if attempt is 0 and two attempts need something
 * - CONFIRMATION_REQUIRED if the payment is older than 24 hours, if a clock makes no sense, or if
 *   SECUPOS_ACTION_REFUND was given for it: see secupos_till_reverse_confirmed
 * - BUSY while something else runs at this terminal
 * - INVALID_ARGUMENT if attempt is negative
 * - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_reverse(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_payment **out, secupos_error **error);

/**
 * Does the same as secupos_till_reverse for a payment of any age. A person has compared the receipt number with the
 * customer's slip, and knows that the money was not given back in another way.
 *
 * @param till the till
 * @param reference the sale's reference
 * @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
 * @param operator_name who confirms it, 1 to 200 bytes; the state file keeps it
 * @param out the payment; free it with secupos_payment_free
 * @param error why the call failed
 * @return as secupos_till_reverse, except CONFIRMATION_REQUIRED
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_reverse_confirmed(
    const secupos_till *till, const char *reference, int32_t attempt, const char *operator_name, secupos_payment **out,
    secupos_error **error);

/**
 * How many payments wait for the end of the terminal's day. The card on the receipt decides whether a payment waits. A
 * payment whose receipt does not name a card counts. Uses no network.
 *
 * @param till the till
 * @param out the number of payments
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_end_of_day_due(
    const secupos_till *till, int64_t *out, secupos_error **error);

/**
 * Since when payments wait for the end of the terminal's day. Uses no network.
 *
 * @param till the till
 * @param out when the first of them was begun: Unix time in milliseconds, UTC; 0 if none waits
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_end_of_day_due_since(
    const secupos_till *till, int64_t *out, secupos_error **error);

/**
 * The till's state as one JSON object: {"end_of_day_due": {"payments", "since"}, "last_end_of_day", "logins_taken",
 * "rollback_unnoticed"}. Times are milliseconds since 1970 UTC, or null.
 * - end_of_day_due: how many payments wait for the end of the terminal's day, and since when. The card on the receipt
 *   decides whether a payment waits. A payment whose receipt does not name a card counts.
 * - logins_taken: how often somebody else has logged in as this device
 * - rollback_unnoticed: whether the till could not use the service's list the last time it asked for it. Then nobody
 *   would notice a state file that was brought back from an older day together with its head.
 *
 * @param till the till
 * @param out the JSON; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_to_json(
    const secupos_till *till, secupos_bytes **out, secupos_error **error);

/**
 * Says that the till has taken over the result of an attempt: it has booked the payment and printed its receipts. The
 * result is the one that this process was given last. Prefer secupos_payment_acknowledge, which takes over the result
 * of one payment object.
 *
 * A payment that is APPROVED or REVERSED must be acknowledged, and so must a conflict. After that
 * secupos_till_unfinished no longer lists it, and its reference is closed: paying with the reference fails with
 * REFERENCE_CLOSED, also for the next attempt after a FAILED one. The exception is another attempt that still needs
 * something: that is given. A conflict or a receipt that comes later is listed again. The call may be repeated.
 *
 * @param till the till
 * @param reference the sale's reference
 * @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - NOT_FOUND if the state file does not know the reference or the attempt
 * - INVALID_STATE while the payment or its reversal is running or in doubt: it has no result yet
 * - INVALID_STATE if attempt is 0 and two attempts need something
 * - INVALID_ARGUMENT if attempt is negative
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_acknowledge(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_error **error);

/**
 * Says that the till has taken over the result of this payment object, and nothing newer: it has booked the payment
 * and printed its receipts. secupos_till_acknowledge explains what that changes.
 *
 * A conflict or a receipt that came after this object was made stays listed by secupos_till_unfinished. A conflict
 * also stays listed if the object comes from secupos_till_unfinished or secupos_till_find_payments, because lists do
 * not report conflicts: recover the payment first.
 *
 * @param payment the payment
 * @param till the till that it belongs to
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, NOT_FOUND if the state file does not know the payment, or INVALID_STATE while
 *     the payment or its reversal is running or in doubt: it has no result yet
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_acknowledge(
    const secupos_payment *payment, const secupos_till *till, secupos_error **error);

/**
 * Stores what a person says became of a payment that is UNKNOWN. The payment is then APPROVED or NOT_STARTED, with
 * SECUPOS_DECIDED_BY_OPERATOR. The call charges nothing, gives nothing back and overwrites nothing. The till still asks
 * the service for 7 days. If the service says otherwise, the payment is a conflict (secupos_payment_conflict) and
 * unfinished again.
 *
 * A payment that is running may be decided as soon as its start has been open for a minute.
 *
 * @param till the till
 * @param reference the sale's reference
 * @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
 * @param decision one of SECUPOS_DECISION_*
 * @param operator_name who says so, 1 to 200 bytes; the state file keeps it
 * @param reason why, such as "slip in hand" or "terminal shows ready", 1 to 200 bytes; the state file keeps it
 * @param slip_number the number on the slip, or 0 for none
 * @param out the payment with its new outcome; free it with secupos_payment_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - NOT_FOUND if the state file does not know the reference or the attempt
 * - INVALID_STATE if the payment is running, or if it is not in doubt: recover it
 * - INVALID_STATE if attempt is 0 and two attempts need something
 * - INVALID_ARGUMENT if an argument has another value than described
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_decide(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_decision decision,
    const char *operator_name, const char *reason, int64_t slip_number, secupos_payment **out, secupos_error **error);

/**
 * Stores what a person says became of a reversal that is SECUPOS_REVERSAL_UNKNOWN: the terminal shows it, or there is
 * a slip. The payment is then REVERSED, or APPROVED with SECUPOS_REVERSAL_REFUSED, and has SECUPOS_DECIDED_BY_OPERATOR.
 * The till still asks the service for 7 days. If the service says "cancelled" after a "not reversed", the payment is a
 * conflict (secupos_payment_conflict) and unfinished again. If the service goes on saying "paid" after a "reversed",
 * that is no conflict.
 *
 * @param till the till
 * @param reference the sale's reference
 * @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
 * @param decision one of SECUPOS_REVERSAL_DECISION_*
 * @param operator_name who says so, 1 to 200 bytes; the state file keeps it
 * @param reason why, 1 to 200 bytes; the state file keeps it
 * @param out the payment with its new outcome; free it with secupos_payment_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - NOT_FOUND if the state file does not know the reference or the attempt
 * - INVALID_STATE if the payment is running, or if no reversal of it is in doubt
 * - INVALID_STATE if attempt is 0 and two attempts need something
 * - INVALID_ARGUMENT if an argument has another value than described
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_decide_reversal(
    const secupos_till *till, const char *reference, int32_t attempt, secupos_reversal_decision decision,
    const char *operator_name, const char *reason, secupos_payment **out, secupos_error **error);

/**
 * Binds the state file to the host, device and client of these settings, because a person says that it is the same
 * till. It is needed after the vendor has renamed a host, or after the device code or the client has changed. Payments
 * that were begun before can no longer be reversed at the terminal. The till must not be open.
 *
 * @param config the settings
 * @param operator_name who says so, 1 to 200 bytes; the state file keeps it
 * @param reason why, 1 to 200 bytes; the state file keeps it
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - STATE_FILE_MISSING if there is no state file
 * - STATE_FILE_LOCKED while the till is open
 * - INVALID_STATE while a payment is in doubt and undecided, or may still reach the terminal
 * - STATE_FILE_MISMATCH between PRODUCTION and TESTING
 * - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
 * - STATE_FILE_TOO_NEW if a newer secupos wrote the state file
 * - JOURNAL_FAILED if the state file cannot be read or written
 * - INVALID_ARGUMENT if the settings are incomplete or a text is too long or empty
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_rebind(
    const secupos_config *config, const char *operator_name, const char *reason, secupos_error **error);

/**
 * Lists the payments that were begun in a period: all attempts with any outcome.
 *
 * @param till the till
 * @param from_ms the beginning of the period, in milliseconds since 1970 UTC
 * @param to_ms the end of the period, in milliseconds since 1970 UTC; a payment begun at this moment is not listed
 * @param receipt_number only payments to which the terminal gave this number; 0 for all
 * @param out the payments; free them with secupos_payment_list_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_find_payments(
    const secupos_till *till, int64_t from_ms, int64_t to_ms, int64_t receipt_number, secupos_payment_list **out,
    secupos_error **error);

/**
 * Accepts that the state file was damaged, lost or brought back from an older day, and that it may lack payments.
 * Until then payments are refused with STATE_FILE_DAMAGED. Only a person who has compared the last slips with the
 * till's books may cause this call; a program never makes it by itself. If nothing was lost, the call does nothing.
 *
 * @param till the till
 * @param operator_name who accepts it, 1 to 200 bytes; the state file keeps it
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if operator_name is empty or too long
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_accept_journal_loss(
    const secupos_till *till, const char *operator_name, secupos_error **error);

/* Registering a till ----------------------------------------------------------------------------------------------- */

/** How far a till's registration with the service has come. */
typedef int32_t secupos_registration_state;

/** The till has no device code. It logs in as the vendor's client. */
#define SECUPOS_REGISTRATION_UNREGISTERED 0

/** The till is a device of the service. */
#define SECUPOS_REGISTRATION_REGISTERED 1

/** A person must confirm it: show the user code and the address. */
#define SECUPOS_REGISTRATION_PENDING 2

/** The person has refused. */
#define SECUPOS_REGISTRATION_DENIED 3

/** Nobody has confirmed it in time: register again. */
#define SECUPOS_REGISTRATION_EXPIRED 4

/**
 * Registers the till as a device of the service, once, when the till is set up. It returns at once:
 * - wait a moment with secupos_registration_wait until secupos_registration_user_code gives a code
 * - show the code and secupos_registration_verification_url to the person who confirms the till there
 * - wait until the registration has ended; the till asks the service by itself, as often as the service allows
 *
 * From then on the till is that device, also after a restart. The state file keeps the device's code and is bound to
 * the device. As the new device the till asks about what was in doubt before. A till may register again to become
 * another device. It may take payments meanwhile. Closing the till ends a registration that is running.
 *
 * @param till the till
 * @param device_name the device's name as agreed on with the vendor, such as "/vendor/unknown/cashier/1"
 * @param out the registration; free it with secupos_registration_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or one of these (secupos_registration_wait gives what the service says):
 * - INVALID_ARGUMENT if device_name is no such name
 * - INVALID_STATE if the till was opened with a device code (secupos_config_set_device_code): it is that device
 * - BUSY while a payment or another registration is running
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_register(
    const secupos_till *till, const char *device_name, secupos_registration **out, secupos_error **error);

/**
 * Says whether the till is a device of the service, or how its registration stands.
 *
 * @param till the till
 * @param out one of SECUPOS_REGISTRATION_*
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_registration_state(
    const secupos_till *till, secupos_registration_state *out, secupos_error **error);

/**
 * The code that a person enters to confirm the till.
 *
 * @param registration the registration
 * @return the code; NULL until the service has sent it
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_registration_user_code(const secupos_registration *registration);

/**
 * The address at which the code is entered.
 *
 * @param registration the registration
 * @return the address; NULL until the service has sent it
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_registration_verification_url(const secupos_registration *registration);

/**
 * The end of the time in which the code can be entered.
 *
 * @param registration the registration
 * @return milliseconds since 1970 UTC by this machine's clock; 0 until the service has sent it
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_registration_expires_at(const secupos_registration *registration);

/**
 * Waits until the registration has ended or timeout_ms has passed. Leaving the wait stops nothing.
 *
 * @param registration the registration
 * @param timeout_ms milliseconds; 0 only asks, -1 waits without a limit
 * @param out SECUPOS_REGISTRATION_REGISTERED, _DENIED or _EXPIRED; SECUPOS_REGISTRATION_PENDING if the time is over
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - INVALID_ARGUMENT if timeout_ms is below -1
 * - INVALID_CREDENTIALS if the service does not accept the vendor's client
 * - SERVER_REFUSED, SERVER_FAILED, PROTOCOL, UNREACHABLE, TLS, TIMEOUT or PROXY if something else kept the service from
 *   registering it
 * - INVALID_STATE if the till was closed
 * - JOURNAL_FAILED if a person confirmed the till and the code could not be stored
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_registration_wait(
    const secupos_registration *registration, int64_t timeout_ms, secupos_registration_state *out,
    secupos_error **error);

/**
 * Calls done once, when the registration has ended, or at once if it has. It is for window loops and for languages
 * with futures, in place of a thread that waits or a timer that asks. See "Being told" at the top.
 *
 * @param registration the registration
 * @param done is called on a thread of the library's
 * @param userdata is passed to done; may be NULL. It belongs to the library from now on.
 * @param userdata_free frees userdata; may be NULL
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INTERNAL if no thread could be started
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_registration_notify(
    const secupos_registration *registration, secupos_done_callback done, void *userdata,
    secupos_free_callback userdata_free, secupos_error **error);

/**
 * Frees a registration. A registration that is running goes on. The notices that were asked for by way of this handle
 * are taken back.
 *
 * @param registration the registration
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_registration_free(secupos_registration *registration);

/* Sales ------------------------------------------------------------------------------------------------------------ */

/**
 * Makes a sale.
 *
 * @param reference the till's own number for the sale: 1 to 64 bytes of composed text (NFC), without a combining mark,
 *     a control or format character, or a blank at either end. The error names the character at fault. The reference
 *     identifies the sale for ever: a till that restarts its numbers daily must put the day in. It is sent as
 *     merchantRef.
 * @param amount what the customer pays, in minor units (cents), from 1 to 99 999 999
 * @param currency three capital letters (ISO 4217), for example "EUR"
 * @param out the sale; free it with secupos_sale_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_new(
    const char *reference, int64_t amount, const char *currency, secupos_sale **out, secupos_error **error);

/**
 * Says which attempt to pay the sale this is. The library never counts up by itself: paying again with the same number
 * asks for the same payment again.
 *
 * @param sale the sale
 * @param attempt from 1 to 9999. A new sale has 1. After an attempt that was declined or not started, take the next
 *     number.
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_set_attempt(
    secupos_sale *sale, int32_t attempt, secupos_error **error);

/**
 * Adds an article. The items of a sale (articles and coupons) must add up to its amount. If they do not, no payment is
 * started, and the error shows the sum. A sale without items has only its amount. If the call fails, the sale is
 * unchanged.
 *
 * @param sale the sale
 * @param description 1 to 200 bytes
 * @param quantity 1 to 100 000. The service takes no fractions: an article that is sold by weight has the quantity 1
 *     and the price of what was weighed.
 * @param unit_price the gross price of one article, in minor units, 0 to 99 999 999
 * @param tax_percent the VAT rate in percent, 0 to 100, for example 7 or 19
 * @param article_number the till's number of the article; may be NULL
 * @param ean the article's EAN; may be NULL
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_add_item(
    secupos_sale *sale, const char *description, int32_t quantity, int64_t unit_price, int32_t tax_percent,
    const char *article_number, const char *ean, secupos_error **error);

/**
 * Adds a coupon that the customer hands in. It lowers the sum of the items by quantity times unit_price. Everything
 * else is as for secupos_sale_add_item.
 *
 * @param sale the sale
 * @param description 1 to 200 bytes
 * @param quantity 1 to 100 000
 * @param unit_price the value of one coupon, in minor units, 0 to 99 999 999
 * @param tax_percent the VAT rate in percent, 0 to 100
 * @param article_number the till's number of the coupon; may be NULL
 * @param ean the coupon's EAN; may be NULL
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_add_coupon(
    secupos_sale *sale, const char *description, int32_t quantity, int64_t unit_price, int32_t tax_percent,
    const char *article_number, const char *ean, secupos_error **error);

/**
 * Puts the item that was added last into a group of articles, such as "Bakery". An item may be in up to ten groups.
 *
 * @param sale the sale
 * @param group_id the till's own name for the group, 1 to 64 bytes
 * @param group_description 1 to 200 bytes
 * @param level the depth of the group, 1 to 10: 1 for a group of its own, 2 for a group within that
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument, or the sale if it has no
 *     item yet
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_add_item_group(
    secupos_sale *sale, const char *group_id, const char *group_description, int32_t level, secupos_error **error);

/**
 * Says how much of the amount is a tip. The amount includes the tip. If the sale has items, one of them must be the
 * tip: otherwise they do not add up.
 *
 * @param sale the sale
 * @param gratuity in minor units, from 0 to the amount
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_set_gratuity(
    secupos_sale *sale, int64_t gratuity, secupos_error **error);

/**
 * Sets the purpose line of the customer's bank statement (transactionRef).
 *
 * @param sale the sale
 * @param transaction_ref 1 to 200 bytes
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_set_transaction_ref(
    secupos_sale *sale, const char *transaction_ref, secupos_error **error);

/**
 * Says that an operator has looked: this sale is another one than the sale of the same amount that is in doubt or was
 * taken for not paid. Call it only after secupos_till_pay has returned POSSIBLE_DUPLICATE and a person has compared
 * the two.
 *
 * @param sale the sale
 * @param operator_name who says so, 1 to 200 bytes; the state file keeps it
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_sale_confirm_not_duplicate(
    secupos_sale *sale, const char *operator_name, secupos_error **error);

/**
 * Frees a sale. A payment that was started with it goes on.
 *
 * @param sale the sale
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_sale_free(secupos_sale *sale);

/* The archive ------------------------------------------------------------------------------------------------------ */

/**
 * Checks the whole state file and the service's answers in it. It lists everything that is not as it was written. It
 * takes about a second for 100 MB. No payment can begin meanwhile.
 *
 * @param till the till
 * @param out a JSON array of {"event", "reference", "attempt", "fault"}; free it with secupos_bytes_free. It is empty
 *     if the file is whole. The first three are null if the damage concerns the whole file.
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or BUSY while a payment is running
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_verify_archive(
    const secupos_till *till, secupos_bytes **out, secupos_error **error);

/**
 * Exports all payments that were begun on one day of German legal time. It writes two files: JSON lines with the
 * service's answers as received, and text with the receipts as printed. The files hold account numbers. They hold
 * nothing with which one could log in. The call never overwrites a file: if a day is exported again, an unchanged day
 * changes nothing, and a changed day gets new files with a number.
 *
 * @param till the till
 * @param date the day, such as "2026-11-23"
 * @param folder a folder that exists; use one folder for one till
 * @param out a JSON object {"payments_file", "receipts_file", "payments", "damaged", "was_there"}; free it with
 *     secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if date is no day or the folder cannot be written to
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_export_day(
    const secupos_till *till, const char *date, const char *folder, secupos_bytes **out, secupos_error **error);

/**
 * Removes the service's answers of old payments, and the receipts with them. This cannot be undone: export first.
 * Everything else about a payment stays: its reference stays used, and the archive can be verified as before. Nothing
 * is removed from a payment that is unfinished or not proven. No payment can begin meanwhile.
 *
 * @param till the till
 * @param retention_days the age in days above which a payment is old, from 1; 0 means 4018. That is ten years from the
 *     end of the payment's year, the longest time that German law asks for.
 * @param operator_name who wants it, 1 to 200 bytes; the state file keeps it
 * @param out a JSON object {"before", "responses", "bytes", "kept", "shrunk"}; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, INVALID_ARGUMENT, BUSY while a payment is running, or STATE_FILE_DAMAGED if the
 *     file is not whole
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_prune_archive(
    const secupos_till *till, int32_t retention_days, const char *operator_name, secupos_bytes **out,
    secupos_error **error);

/* Receipts --------------------------------------------------------------------------------------------------------- */

/** Whose copy of the receipt. */
typedef int32_t secupos_copy;

/** The kind of a receipt's line. */
typedef int32_t secupos_line_type;

/** The place of a line's text, or of the value in a line with a name and a value. */
typedef int32_t secupos_alignment;

/** Whether the customer must sign the merchant's copy. */
typedef int32_t secupos_signature;

/** The customer's copy. */
#define SECUPOS_COPY_CUSTOMER 1

/** The merchant's copy. It must be kept and may have to be signed. It holds full account numbers. */
#define SECUPOS_COPY_MERCHANT 2

/** The receipt does not say: look at it. */
#define SECUPOS_SIGNATURE_UNKNOWN 0

/** The customer must sign. */
#define SECUPOS_SIGNATURE_REQUIRED 1

/** The customer need not sign. */
#define SECUPOS_SIGNATURE_NOT_REQUIRED 2

/** A kind that secupos does not know. If it has a text, the text is printed. */
#define SECUPOS_LINE_UNKNOWN 0

/** The beginning of a receipt or a section: a headline, or a rule if the line has no text. */
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
 * Reads a receipt from JSON. It needs no till.
 *
 * @param json UTF-8: a bare array of lines, a whole Smart Transaction, or the JSON from secupos_payment_to_json,
 *     secupos_report_to_json or secupos_receipt_to_json. At most 1 MiB, 10 000 lines, and 10 000 characters in a text.
 * @param len the length of json in bytes
 * @param copy which copy to take from a transaction: one of SECUPOS_COPY_*
 * @param out the receipt; free it with secupos_receipt_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or:
 * - RECEIPT_MALFORMED if json is no receipt
 * - RECEIPT_TOO_LARGE if json is larger than described
 * - INVALID_ARGUMENT if the number is no copy
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_parse(
    const char *json, size_t len, secupos_copy copy, secupos_receipt **out, secupos_error **error);

/**
 * Frees a receipt.
 *
 * @param receipt the receipt
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_receipt_free(secupos_receipt *receipt);

/**
 * The number of lines.
 *
 * @param receipt the receipt
 * @return the number
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_receipt_line_count(const secupos_receipt *receipt);

/**
 * The kind of a line.
 *
 * @param receipt the receipt
 * @param index the line, from 0
 * @return one of SECUPOS_LINE_*; SECUPOS_LINE_UNKNOWN if index is too large
 * @since 0.1
 */
SECUPOS_API secupos_line_type SECUPOS_CALL secupos_receipt_line_type(const secupos_receipt *receipt, size_t index);

/**
 * The text of a text line, the caption of a separator, or the text of a line of an unknown kind. Card numbers on the
 * customer's copy are masked.
 *
 * @param receipt the receipt
 * @param index the line, from 0
 * @return the text; NULL for other lines and if index is too large
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_line_text(const secupos_receipt *receipt, size_t index);

/**
 * The name in a line with a name and a value.
 *
 * @param receipt the receipt
 * @param index the line, from 0
 * @return the name; NULL for other lines and if index is too large
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_line_name(const secupos_receipt *receipt, size_t index);

/**
 * The value in a line with a name and a value.
 *
 * @param receipt the receipt
 * @param index the line, from 0
 * @return the value; NULL for other lines and if index is too large
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_line_value(const secupos_receipt *receipt, size_t index);

/**
 * Whether the line is to be printed bold. In a line with a name and a value only the value is bold.
 *
 * @param receipt the receipt
 * @param index the line, from 0
 * @return 1 if it is, 0 if it is not
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_receipt_line_is_important(const secupos_receipt *receipt, size_t index);

/**
 * The place of the line's text, or of the value in a line with a name and a value.
 *
 * @param receipt the receipt
 * @param index the line, from 0
 * @return one of SECUPOS_ALIGNMENT_*
 * @since 0.1
 */
SECUPOS_API secupos_alignment SECUPOS_CALL secupos_receipt_line_alignment(const secupos_receipt *receipt, size_t index);

/**
 * One fact from the receipt, as it is printed. It is a convenience: for the facts of a payment use the payment's own
 * getters.
 *
 * @param receipt the receipt
 * @param name "date", "time", "receipt_no" ("0003"), "trace_no", "terminal_id", "merchant_no", "card", "expiry",
 *     "bank", "brand", "approval", "aid" or "amount"
 * @return the text; NULL if the receipt does not contain the fact
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_receipt_field(const secupos_receipt *receipt, const char *name);

/**
 * Whether the customer must sign. The library reads this from the merchant's copy.
 *
 * @param receipt the receipt
 * @return one of SECUPOS_SIGNATURE_*
 * @since 0.1
 */
SECUPOS_API secupos_signature SECUPOS_CALL secupos_receipt_signature(const secupos_receipt *receipt);

/**
 * Renders the receipt. The result is empty if the receipt has no lines (JSON never is). Card numbers on the customer's
 * copy are masked in every format.
 *
 * @param receipt the receipt
 * @param options the form of the result; may be NULL for UTF-8 text with 42 columns
 * @param out the rendered receipt; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT for ESC/POS in UTF-8
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_render(
    const secupos_receipt *receipt, const secupos_render_options *options, secupos_bytes **out, secupos_error **error);

/**
 * Counts the characters of the receipt that the options' code page does not have. Others are printed in their place:
 * EUR for a Euro sign, a question mark for a character without a similar one.
 *
 * @param receipt the receipt
 * @param options the form of the result; may be NULL for UTF-8 text with 42 columns
 * @param out the number of characters
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT for ESC/POS in UTF-8
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_replaced(
    const secupos_receipt *receipt, const secupos_render_options *options, int32_t *out, secupos_error **error);

/**
 * The receipt as one JSON object: {"copy", "lines", "fields": {name: {"value", "line"}}, "amount_matches",
 * "signature": {"decision", "line", "index"}}.
 * - lines: as the server sent them, except that card numbers on the customer's copy are masked
 * - fields: "amount" also has "minor_units" and "currency"; they are null if they are not known
 * - amount_matches: whether the printed amount is the transaction's; null if one of the two is not known
 *
 * @param receipt the receipt
 * @param out the JSON; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_receipt_to_json(
    const secupos_receipt *receipt, secupos_bytes **out, secupos_error **error);

/* Rendering receipts ----------------------------------------------------------------------------------------------- */

/** The format of a rendered receipt. */
typedef int32_t secupos_format;

/** The characters that a printer or an old till can print. */
typedef int32_t secupos_code_page;

/** How an ESC/POS job ends. */
typedef int32_t secupos_cut;

/** Plain text in UTF-8 or in a code page. Lines end with a line feed. */
#define SECUPOS_FORMAT_TEXT 1

/** Bytes for a receipt printer. Send them as they are. */
#define SECUPOS_FORMAT_ESCPOS 2

/** One section of HTML in UTF-8, without scripts, for the screen and for paper of 58 or 80 mm. */
#define SECUPOS_FORMAT_HTML 3

/** A PDF file (Courier, not PDF/A). */
#define SECUPOS_FORMAT_PDF 4

/** The JSON object of secupos_receipt_to_json with "duplicate" and "reversed". */
#define SECUPOS_FORMAT_JSON 5

/** All characters. Not for ESC/POS. */
#define SECUPOS_CODE_PAGE_UTF8 1

/** Windows, Western Europe, with the Euro sign. Usually in slot 16. */
#define SECUPOS_CODE_PAGE_CP1252 2

/** DOS, Western Europe, with the Euro sign. Usually in slot 19. */
#define SECUPOS_CODE_PAGE_CP858 3

/** DOS, USA: with umlauts, without the Euro sign. Usually in slot 0. */
#define SECUPOS_CODE_PAGE_CP437 4

/** The paper is not cut. Many printers have no cutter. */
#define SECUPOS_CUT_NONE 1

/** The paper is cut except for one point. */
#define SECUPOS_CUT_PARTIAL 2

/** The paper is cut off. */
#define SECUPOS_CUT_FULL 3

/**
 * Makes options: UTF-8 text with 42 columns.
 *
 * @param out the options; free them with secupos_render_options_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_new(secupos_render_options **out, secupos_error **error);

/**
 * Sets the format. The default is text.
 *
 * @param options the options
 * @param format one of SECUPOS_FORMAT_*
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_format(
    secupos_render_options *options, secupos_format format, secupos_error **error);

/**
 * Sets the width of the paper in characters.
 *
 * @param options the options
 * @param columns 16 to 96: 32 for paper of 58 mm, 42 or 48 for 80 mm
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_columns(
    secupos_render_options *options, int32_t columns, secupos_error **error);

/**
 * Sets the characters of text and ESC/POS. The default is UTF-8 for text and CP1252 for ESC/POS. HTML and JSON are
 * always UTF-8, PDF is always CP1252. If a page does not have a character, another one is printed: see
 * secupos_receipt_replaced.
 *
 * @param options the options
 * @param page one of SECUPOS_CODE_PAGE_*
 * @param slot the number that the printer's maker gave to the page (ESC t), 0 to 255, or -1 for the usual one; always
 *     -1 for UTF-8
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_code_page(
    secupos_render_options *options, secupos_code_page page, int32_t slot, secupos_error **error);

/**
 * Sets how an ESC/POS job ends. The default is no cut.
 *
 * @param options the options
 * @param cut one of SECUPOS_CUT_*
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_cut(
    secupos_render_options *options, secupos_cut cut, secupos_error **error);

/**
 * Sets the number of empty lines at the end of an ESC/POS job. They move the last printed line out of the printer.
 *
 * @param options the options
 * @param lines 0 to 255; the default is 4
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_feed(
    secupos_render_options *options, int32_t lines, secupos_error **error);

/**
 * Marks the receipt as a reprint, with the time at which it is rendered. Do not mark the repetition of a first print
 * that failed: it is not signed yet, and a duplicate asks for no signature.
 *
 * @param options the options
 * @param duplicate 1 for a reprint, 0 for a first print
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_duplicate(
    secupos_render_options *options, int32_t duplicate, secupos_error **error);

/**
 * Sets the language of the library's own words: the marks and the name of an HTML section. The default is German. The
 * receipt's own words stay as they are.
 *
 * @param options the options
 * @param language one of SECUPOS_LANGUAGE_*
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_language(
    secupos_render_options *options, secupos_language language, secupos_error **error);

/**
 * Sets bytes that are sent as they are before an ESC/POS job, for example to print a logo.
 *
 * @param options the options
 * @param prefix the bytes
 * @param len how many, at most 65 536; 0 removes the prefix
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_prefix(
    secupos_render_options *options, const char *prefix, size_t len, secupos_error **error);

/**
 * Sets bytes that are sent as they are after an ESC/POS job, for example to print a logo.
 *
 * @param options the options
 * @param suffix the bytes
 * @param len how many, at most 65 536; 0 removes the suffix
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_render_options_set_suffix(
    secupos_render_options *options, const char *suffix, size_t len, secupos_error **error);

/**
 * Frees options.
 *
 * @param options the options
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_render_options_free(secupos_render_options *options);

/* Bytes ------------------------------------------------------------------------------------------------------------ */

/**
 * The bytes. A NUL follows them.
 *
 * @param bytes the object
 * @return the first byte
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_bytes_data(const secupos_bytes *bytes);

/**
 * The number of bytes, without the NUL that follows them.
 *
 * @param bytes the object
 * @return the number
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_bytes_len(const secupos_bytes *bytes);

/**
 * Frees bytes.
 *
 * @param bytes the object
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_bytes_free(secupos_bytes *bytes);

/* What became of a payment, why, and what to do next --------------------------------------------------------------- */

/**
 * What became of a payment.
 *
 * In C 0 is the safe reading: treat a number that you do not know as in doubt.
 */
typedef int32_t secupos_outcome;

/**
 * Why a payment has its outcome. For an approved payment: why its reversal was not done, or what is special about it.
 */
typedef int32_t secupos_reason;

/**
 * What became of a payment's reversal.
 *
 * In C 0 is the safe reading: in doubt.
 */
typedef int32_t secupos_reversal;

/** How far a payment, its reversal or a report has come while it is running. It only goes forward. */
typedef int32_t secupos_phase;

/**
 * What the till should do next. A till that does these actions in their order and nothing else does the right thing.
 *
 * SECUPOS_ACTION_REFUND, SECUPOS_ACTION_COLLECT and SECUPOS_ACTION_COLLECT_REST ask for money and are given once, by
 * secupos_till_pay, secupos_till_recover or secupos_till_recover_all. Later the payment has
 * SECUPOS_ACTION_ASK_CASHIER: somebody may have done it already.
 *
 * In C 0 means nothing.
 */
typedef int32_t secupos_action;

/** Who says what became of a payment. */
typedef int32_t secupos_decided_by;

/**
 * What an abort can do. In each case wait for the payment's outcome.
 *
 * In C 0 means that the call has failed.
 */
typedef int32_t secupos_abort_result;

/** In doubt: money may have moved. Do not charge again. */
#define SECUPOS_OUTCOME_UNKNOWN 0

/** Money moved. */
#define SECUPOS_OUTCOME_APPROVED 1

/** No money moved: the payment was refused, aborted or timed out. */
#define SECUPOS_OUTCOME_FAILED 2

/** No money moved: the payment was provably never started. */
#define SECUPOS_OUTCOME_NOT_STARTED 3

/** It was paid and has been reversed. */
#define SECUPOS_OUTCOME_REVERSED 4

/** The payment is running. */
#define SECUPOS_OUTCOME_PENDING 5

/** No reason: the payment is approved, reversed or pending, or a person has decided. */
#define SECUPOS_REASON_NONE 0

/** Failed: refused, aborted or timed out. The service does not say which. */
#define SECUPOS_REASON_FAILED 1

/** Failed: aborted. */
#define SECUPOS_REASON_ABORTED 2

/** Failed: the customer did not act in time. */
#define SECUPOS_REASON_TIMED_OUT 3

/** Failed: cancelled before it was paid. */
#define SECUPOS_REASON_CANCELLED 4

/** Not started: there is no connection, or an earlier attempt at the same sale cannot be read. */
#define SECUPOS_REASON_NO_CONNECTION 10

/** Not started: the till could not log in. */
#define SECUPOS_REASON_LOGIN_FAILED 11

/** Not started: the service did not accept the sale. */
#define SECUPOS_REASON_CREATE_REFUSED 12

/** Not started: nobody knows whether the service accepted the sale, and it was never started. */
#define SECUPOS_REASON_CREATE_UNSURE 13

/** Not started: the service refused the start at once. The till has told it never to start the payment. */
#define SECUPOS_REASON_START_REFUSED 14

/** Not started: the till abandoned the payment before its start. */
#define SECUPOS_REASON_ABANDONED 15

/**
 * Not started: an earlier payment or reversal of this till is in doubt, and the customer might pay that one. It ends
 * with the grace of that one. secupos_till_recover, secupos_till_decide or secupos_till_decide_reversal may end it
 * sooner.
 */
#define SECUPOS_REASON_TERMINAL_BUSY 16

/**
 * Not started: the payment did not reach the terminal in time, or a person says that it was not paid. The till has
 * told the service never to start it.
 */
#define SECUPOS_REASON_NEVER_STARTED 17

/**
 * Not started: the state file could not be written. Approved: the result could not be stored. Print the receipts now.
 */
#define SECUPOS_REASON_JOURNAL_FAILED 18

/** Not started: an earlier attempt at the same sale has been paid after all. */
#define SECUPOS_REASON_ALREADY_PAID 19

/** Unknown: the connection broke. */
#define SECUPOS_REASON_CONNECTION_LOST 20

/** Unknown: the service's answer cannot be understood. */
#define SECUPOS_REASON_ANSWER_UNREADABLE 21

/** Unknown: the service has not given a final answer yet. */
#define SECUPOS_REASON_STILL_OPEN 22

/** Unknown: the service has a fault. */
#define SECUPOS_REASON_SERVER_FAILED 23

/** Unknown: the till program ended while the payment was running. */
#define SECUPOS_REASON_INTERRUPTED 24

/**
 * Not started: somebody else logs in as this device, so that the service refuses a token that it has just given. Call
 * support.
 */
#define SECUPOS_REASON_LOGIN_TAKEN 25

/**
 * Not started: the service knows newer payments than the state file. The file was brought back from an older day.
 * Compare the slips with the till's books, then call secupos_till_accept_journal_loss.
 */
#define SECUPOS_REASON_STATE_FILE_OLD 26

/** Unknown or not started: a fault in secupos. */
#define SECUPOS_REASON_INTERNAL 29

/**
 * Approved: its reversal has reversed another payment. That one is SECUPOS_OUTCOME_REVERSED if this till has made it.
 * Call support.
 */
#define SECUPOS_REASON_WRONG_PAYMENT_REVERSED 30

/**
 * Approved: the amount charged is not the amount asked for, or nobody can read it. See secupos_payment_amount_charged
 * and secupos_payment_amount_due.
 */
#define SECUPOS_REASON_AMOUNT_DIFFERS 31

/** Nothing is running: there is a result. */
#define SECUPOS_PHASE_NONE 0

/** Nothing has been sent to the terminal: the till logs in, and asks about earlier payments. */
#define SECUPOS_PHASE_LOGGING_IN 1

/** The terminal has it, and the customer or the terminal is at work. */
#define SECUPOS_PHASE_WAITING_FOR_TERMINAL 2

/** The answer did not come or was not final: the till finds out what became of it. */
#define SECUPOS_PHASE_FINDING_OUT 3

/** In doubt: the payment may be reversed. Do not refund it in another way yet. */
#define SECUPOS_REVERSAL_UNKNOWN 0

/** Nobody has tried to reverse the payment. */
#define SECUPOS_REVERSAL_NONE 1

/** The reversal is running. */
#define SECUPOS_REVERSAL_PENDING 2

/** The payment is reversed. Its outcome is SECUPOS_OUTCOME_REVERSED. */
#define SECUPOS_REVERSAL_DONE 3

/**
 * The payment is not reversed: the service refused at once, nothing was sent, or a person says so. The payment stands.
 */
#define SECUPOS_REVERSAL_REFUSED 4

/** Print the merchant's copy and keep it. */
#define SECUPOS_ACTION_PRINT_MERCHANT 1

/** Have the customer sign the merchant's copy. If the signature is unknown, look whether the copy asks for it. */
#define SECUPOS_ACTION_TAKE_SIGNATURE 2

/** Print the customer's copy. */
#define SECUPOS_ACTION_PRINT_CUSTOMER 3

/** Offer another attempt. */
#define SECUPOS_ACTION_TRY_AGAIN 4

/** Ask again later what became of the payment, or for its receipts: secupos_till_recover. */
#define SECUPOS_ACTION_RECOVER_LATER 5

/** Look at the terminal. */
#define SECUPOS_ACTION_LOOK_AT_TERMINAL 6

/** Ask the cashier: is there a slip, and what does the terminal show? */
#define SECUPOS_ACTION_ASK_CASHIER 7

/**
 * Give the money back: the sale was charged more than once, or the first request to reverse it was refused at once. It
 * is given once.
 */
#define SECUPOS_ACTION_REFUND 8

/** Collect the money: a person took the sale for paid, and the service says that it was not. It is given once. */
#define SECUPOS_ACTION_COLLECT 9

/** Call support. */
#define SECUPOS_ACTION_CALL_SUPPORT 10

/**
 * Collect the rest of the amount in another way, or as a sale under a new reference. It is given once.
 * secupos_payment_amount_due says how much is missing.
 */
#define SECUPOS_ACTION_COLLECT_REST 11

/**
 * Something else at this till needs a person and has not been reported. If this payment must be acknowledged, do that
 * first. Then call secupos_till_recover_all.
 */
#define SECUPOS_ACTION_CHECK_UNFINISHED 12

/** The service. */
#define SECUPOS_DECIDED_BY_SERVER 0

/** A person at the till, with secupos_till_decide or secupos_till_decide_reversal. The till still asks the service. */
#define SECUPOS_DECIDED_BY_OPERATOR 1

/** The payment will never be started. In a moment it is SECUPOS_OUTCOME_NOT_STARTED with SECUPOS_REASON_ABANDONED. */
#define SECUPOS_ABORT_ABANDONED 1

/** The payment may have reached the terminal: only STOP there can stop it. Wait for its outcome and trust that. */
#define SECUPOS_ABORT_AT_TERMINAL 2

/** The payment has its outcome already. */
#define SECUPOS_ABORT_TOO_LATE 3

/**
 * The name of an outcome, as in JSON.
 *
 * @param outcome the outcome
 * @return "approved", "not_started", …; "unknown" also for a number that is no outcome; it is never freed
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_outcome_name(secupos_outcome outcome);

/**
 * The name of a reason, as in JSON. JSON has null in place of "none".
 *
 * @param reason the reason
 * @return "no_connection", …; "none" for SECUPOS_REASON_NONE; "unknown" for a number that is no reason; never freed
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_reason_name(secupos_reason reason);

/**
 * The name of a reversal's result, as in JSON.
 *
 * @param reversal the result
 * @return "done", "refused", …; "unknown" also for a number that is no result; it is never freed
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_reversal_name(secupos_reversal reversal);

/**
 * The name of a phase, as in JSON.
 *
 * @param phase the phase
 * @return "logging_in", …; "none" for SECUPOS_PHASE_NONE; "unknown" for a number that is no phase; it is never freed
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_phase_name(secupos_phase phase);

/**
 * The name of an action, as in JSON.
 *
 * @param action the action
 * @return "print_merchant", "refund", …; "none" for 0; "unknown" for a number that is no action; it is never freed
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_action_name(secupos_action action);

/* Payments --------------------------------------------------------------------------------------------------------- */

/**
 * Waits until the payment has an outcome or timeout_ms has passed. Leaving the wait stops nothing. You may wait again.
 *
 * @param payment the payment
 * @param timeout_ms milliseconds; 0 only asks, -1 waits without a limit
 * @param out the outcome: one of SECUPOS_OUTCOME_*; SECUPOS_OUTCOME_PENDING if the time is over
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if timeout_ms is below -1
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_wait(
    const secupos_payment *payment, int64_t timeout_ms, secupos_outcome *out, secupos_error **error);

/**
 * Calls done once, when the payment has an outcome, or at once if it has one. It is for window loops and for languages
 * with futures, in place of a thread that waits or a timer that asks. See "Being told" at the top.
 *
 * @param payment the payment
 * @param done is called on a thread of the library's
 * @param userdata is passed to done; may be NULL. It belongs to the library from now on.
 * @param userdata_free frees userdata; may be NULL
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INTERNAL if no thread could be started
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_notify(
    const secupos_payment *payment, secupos_done_callback done, void *userdata, secupos_free_callback userdata_free,
    secupos_error **error);

/**
 * Asks the till to stop the payment, for example because the customer has walked away. It is a request, not a command:
 * a payment that was approved all the same is APPROVED. The outcome still comes: go on waiting for it. Any thread may
 * call it while another thread waits in secupos_till_pay or secupos_payment_wait.
 *
 * @param payment the payment
 * @param out what the abort can do: one of SECUPOS_ABORT_*
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_abort(
    const secupos_payment *payment, secupos_abort_result *out, secupos_error **error);

/**
 * Frees a payment. A payment that is running goes on. The notices that were asked for by way of this handle are taken
 * back.
 *
 * @param payment the payment
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_payment_free(secupos_payment *payment);

/**
 * What became of the payment.
 *
 * @param payment the payment
 * @return one of SECUPOS_OUTCOME_*; SECUPOS_OUTCOME_PENDING while it is running
 * @since 0.1
 */
SECUPOS_API secupos_outcome SECUPOS_CALL secupos_payment_outcome(const secupos_payment *payment);

/**
 * Why the payment has its outcome.
 *
 * @param payment the payment
 * @return one of SECUPOS_REASON_*
 * @since 0.1
 */
SECUPOS_API secupos_reason SECUPOS_CALL secupos_payment_reason(const secupos_payment *payment);

/**
 * How far the payment has come, or its reversal, while that is running: what a till shows beside the cashier's text.
 *
 * @param payment the payment
 * @return one of SECUPOS_PHASE_*; SECUPOS_PHASE_NONE as soon as there is a result, and for NULL
 * @since 0.1
 */
SECUPOS_API secupos_phase SECUPOS_CALL secupos_payment_phase(const secupos_payment *payment);

/**
 * What became of the payment's reversal. Unless it is SECUPOS_REVERSAL_DONE, the payment stays APPROVED.
 * secupos_payment_error says why a reversal was refused or is in doubt.
 *
 * @param payment the payment
 * @return one of SECUPOS_REVERSAL_*; SECUPOS_REVERSAL_PENDING while it is running
 * @since 0.1
 */
SECUPOS_API secupos_reversal SECUPOS_CALL secupos_payment_reversal(const secupos_payment *payment);

/**
 * Who says what became of the payment.
 *
 * @param payment the payment
 * @return one of SECUPOS_DECIDED_BY_*; SECUPOS_DECIDED_BY_OPERATOR if a person decided while it was in doubt
 * @since 0.1
 */
SECUPOS_API secupos_decided_by SECUPOS_CALL secupos_payment_decided_by(const secupos_payment *payment);

/**
 * Whether this is the result of an earlier payment, given again. Nothing was charged for giving it again. Its times
 * are those of the payment, and the cashier's text says when it got its result.
 *
 * @param payment the payment
 * @return 1 if it is, 0 if it is not
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_replayed(const secupos_payment *payment);

/**
 * Whether the service has contradicted an earlier result of the payment. It stays 1 for good. Until the payment is
 * acknowledged, its first next action says what to do: SECUPOS_ACTION_ASK_CASHIER, SECUPOS_ACTION_CALL_SUPPORT, or
 * once SECUPOS_ACTION_REFUND or SECUPOS_ACTION_COLLECT.
 *
 * @param payment the payment
 * @return 1 if it has, 0 if it has not
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_conflict(const secupos_payment *payment);

/**
 * The number of next actions.
 *
 * @param payment the payment
 * @return the number
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_payment_next_action_count(const secupos_payment *payment);

/**
 * What the till should do next, in this order. A till that does these actions and nothing else does the right thing.
 *
 * REFUND, COLLECT and COLLECT_REST ask for money and are given once: by the first object that pay, recover or
 * recover_all gives for the payment. A later object has ASK_CASHIER in their place. An object of a list
 * (secupos_till_unfinished, secupos_till_find_payments) has RECOVER_LATER in their place.
 *
 * @param payment the payment
 * @param index the action, from 0
 * @return one of SECUPOS_ACTION_*; 0 if index is too large
 * @since 0.1
 */
SECUPOS_API secupos_action SECUPOS_CALL secupos_payment_next_action(const secupos_payment *payment, size_t index);

/**
 * The till's own number for the sale.
 *
 * @param payment the payment
 * @return the reference
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_reference(const secupos_payment *payment);

/**
 * Which attempt to pay the sale this is.
 *
 * @param payment the payment
 * @return the number, from 1
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_attempt(const secupos_payment *payment);

/**
 * The server's id for the payment.
 *
 * @param payment the payment
 * @return the id (STX_…); NULL if the server gave none
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_transaction_id(const secupos_payment *payment);

/**
 * The server's own word for the state of the payment. It is for logs: only the outcome counts.
 *
 * @param payment the payment
 * @return a word such as "ok" or "failed"; NULL if there is none
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_status_text(const secupos_payment *payment);

/**
 * The amount that the till asked for.
 *
 * @param payment the payment
 * @return minor units
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_amount(const secupos_payment *payment);

/**
 * The amount that was charged. It may differ from the amount asked for: it may include a tip, or be a part.
 *
 * @param payment the payment
 * @return minor units; 0 unless the payment is APPROVED, and if nobody can read the amount
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_amount_charged(const secupos_payment *payment);

/**
 * The rest of the amount if only a part was charged. Collect it in another way, or as a sale under a new reference
 * (SECUPOS_ACTION_COLLECT_REST).
 *
 * @param payment the payment
 * @return minor units; 0 unless a part was charged
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_amount_due(const secupos_payment *payment);

/**
 * The currency of the amounts.
 *
 * @param payment the payment
 * @return three capital letters (ISO 4217)
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_currency(const secupos_payment *payment);

/**
 * The terminal's receipt number, which a reversal needs. The receipt's field "receipt_no" has it as printed ("0003").
 *
 * @param payment the payment
 * @return the number (3); 0 if there is none
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_receipt_number(const secupos_payment *payment);

/**
 * When the payment was begun.
 *
 * @param payment the payment
 * @return milliseconds since 1970 UTC
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_created_at(const secupos_payment *payment);

/**
 * When the payment got its outcome.
 *
 * @param payment the payment
 * @return milliseconds since 1970 UTC; 0 while it is running
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_payment_completed_at(const secupos_payment *payment);

/**
 * Whether the customer must sign the merchant's copy.
 *
 * @param payment the payment
 * @return one of SECUPOS_SIGNATURE_*
 * @since 0.1
 */
SECUPOS_API secupos_signature SECUPOS_CALL secupos_payment_signature(const secupos_payment *payment);

/**
 * Whether the server asks for the merchant's copy to be printed now (receipt_merchant_print).
 *
 * @param payment the payment
 * @return 1 if it does, 0 if it does not
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_merchant_receipt_due(const secupos_payment *payment);

/**
 * Whether secupos_till_prune_archive has removed the receipts. Then the receipts are empty, although there were some.
 *
 * @param payment the payment
 * @return 1 if it has, 0 if it has not
 * @since 0.1
 */
SECUPOS_API int32_t SECUPOS_CALL secupos_payment_receipts_pruned(const secupos_payment *payment);

/**
 * What the cashier reads: what happens or has happened, whether money moved, what to do now. There is another text in
 * each phase; those from before stay valid, too.
 *
 * @param payment the payment
 * @param language one of SECUPOS_LANGUAGE_*
 * @return the text
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_payment_cashier_text(
    const secupos_payment *payment, secupos_language language);

/**
 * What went wrong: why the payment was not started or is unknown, or why its reversal was not done.
 *
 * @param payment the payment
 * @return the error; NULL if nothing went wrong. It is borrowed: do not free it.
 * @since 0.1
 */
SECUPOS_API const secupos_error *SECUPOS_CALL secupos_payment_error(const secupos_payment *payment);

/**
 * One copy of the payment's receipt. As soon as the payment has an outcome, there is one. It has no lines if the
 * server sent none.
 *
 * @param payment the payment
 * @param copy one of SECUPOS_COPY_*
 * @param out the receipt; free it with secupos_receipt_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, INVALID_ARGUMENT if the number is no copy, or INVALID_STATE while the payment is
 *     running
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_receipt(
    const secupos_payment *payment, secupos_copy copy, secupos_receipt **out, secupos_error **error);

/**
 * Renders one copy of the payment's receipt. The result is empty if the server sent no receipt (JSON never is). The
 * receipt of a reversed payment is marked as such. Card numbers on the customer's copy are masked in every format.
 *
 * @param payment the payment
 * @param copy one of SECUPOS_COPY_*
 * @param options the form of the result; may be NULL for UTF-8 text with 42 columns
 * @param out the rendered receipt; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, INVALID_ARGUMENT if the number is no copy and for ESC/POS in UTF-8, or
 *     INVALID_STATE while the payment is running
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_render_receipt(
    const secupos_payment *payment, secupos_copy copy, const secupos_render_options *options, secupos_bytes **out,
    secupos_error **error);

/**
 * The payment as one JSON object, at any time. It is the same in every language: {"reference", "attempt", "outcome":
 * "approved|failed|not_started|unknown|reversed|pending", "reason", "phase":
 * "none|logging_in|waiting_for_terminal|finding_out", "reversal": "unknown|none|pending|done|refused",
 * "decided_by": "server|operator", "replayed", "conflict", "next_actions": ["print_merchant", …], "amount",
 * "amount_charged", "amount_due", "asked_before_at", "currency", "transaction_id", "status_text", "receipt_number",
 * "created_at", "completed_at", "signature": {"decision": "required|not_required|unknown", "line"},
 * "merchant_receipt_due", "receipts_pruned", "grant": "device|client_credentials", "cashier_text": {"de", "en"},
 * "error", "receipts": {"customer", "merchant"}}.
 *
 * "asked_before_at" is the time at which the payment asked for money before; null if it did not. The object contains
 * the receipts: keep it as you keep receipts, and do not log it.
 *
 * @param payment the payment
 * @param out the JSON; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_payment_to_json(
    const secupos_payment *payment, secupos_bytes **out, secupos_error **error);

/* Lists of payments ------------------------------------------------------------------------------------------------ */

/**
 * The number of payments. 0 is a good answer.
 *
 * @param list the list
 * @return the number
 * @since 0.1
 */
SECUPOS_API size_t SECUPOS_CALL secupos_payment_list_count(const secupos_payment_list *list);

/**
 * One of the payments. Every function that takes a secupos_payment takes it, except secupos_payment_free.
 *
 * @param list the list
 * @param index the payment, from 0
 * @return the payment; NULL if index is too large. It is borrowed: do not free it. It and its texts live until the
 *     list is freed.
 * @since 0.1
 */
SECUPOS_API const secupos_payment *SECUPOS_CALL secupos_payment_list_payment(
    const secupos_payment_list *list, size_t index);

/**
 * Frees a list and the payments in it. Payments that are running go on. Receipts, bytes and JSON that the payments
 * gave live on. The notices that were asked for by way of its payments are taken back. Once it begins, no other call on
 * the list or on one of its payments may begin.
 *
 * @param list the list
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_payment_list_free(secupos_payment_list *list);

/* Reports of the terminal: end of day, diagnosis ------------------------------------------------------------------- */

/**
 * How a report is run.
 *
 * In C 0 means none of these.
 */
typedef int32_t secupos_report_flags;

/**
 * What became of a report.
 *
 * In C 0 is the safe reading: it may have run.
 */
typedef int32_t secupos_report_outcome;

/** Nobody knows: look at the terminal. The library never sends it again by itself. */
#define SECUPOS_REPORT_MAY_HAVE_RUN 0

/** The report was run. */
#define SECUPOS_REPORT_DONE 1

/** The service or the terminal refused the report. */
#define SECUPOS_REPORT_REFUSED 2

/** The report was provably not sent. */
#define SECUPOS_REPORT_NOT_RUN 3

/** The report is running. */
#define SECUPOS_REPORT_PENDING 4

/** Runs the report even if a payment or its reversal is in doubt and may still reach the terminal. */
#define SECUPOS_REPORT_FORCE 1

/**
 * Begins the end of the terminal's day and returns at once. secupos_report_wait gives what became of it. It clears the
 * girocard and direct debit payments: they can no longer be reversed.
 *
 * While a payment or its reversal is in doubt and may still reach the terminal, the report is SECUPOS_REPORT_NOT_RUN
 * with the error BUSY, except with SECUPOS_REPORT_FORCE.
 *
 * @param till the till
 * @param flags 0 or SECUPOS_REPORT_FORCE
 * @param out the report; free it with secupos_report_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or one of these, and then nothing was sent:
 * - BUSY while something else runs at this terminal
 * - INVALID_ARGUMENT if the flags are unknown
 * - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_run_end_of_day(
    const secupos_till *till, secupos_report_flags flags, secupos_report **out, secupos_error **error);

/**
 * Begins a diagnosis and returns at once. secupos_report_wait gives what became of it. The terminal calls its host and
 * updates its settings. A till must offer this to the cashier. It may be run again, whatever became of the last one.
 *
 * While a payment or its reversal is in doubt and may still reach the terminal, the report is SECUPOS_REPORT_NOT_RUN
 * with the error BUSY, except with SECUPOS_REPORT_FORCE.
 *
 * @param till the till
 * @param flags 0 or SECUPOS_REPORT_FORCE
 * @param out the report; free it with secupos_report_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or one of these, and then nothing was sent:
 * - BUSY while something else runs at this terminal
 * - INVALID_ARGUMENT if the flags are unknown
 * - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_run_diagnosis(
    const secupos_till *till, secupos_report_flags flags, secupos_report **out, secupos_error **error);

/**
 * Waits until the report has an outcome or timeout_ms has passed. Leaving the wait stops nothing.
 *
 * @param report the report
 * @param timeout_ms milliseconds; 0 only asks, -1 waits without a limit
 * @param out one of SECUPOS_REPORT_*; SECUPOS_REPORT_PENDING if the time is over
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if timeout_ms is below -1
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_report_wait(
    const secupos_report *report, int64_t timeout_ms, secupos_report_outcome *out, secupos_error **error);

/**
 * What became of the report so far. It waits for nothing.
 *
 * @param report the report
 * @return one of SECUPOS_REPORT_*; SECUPOS_REPORT_PENDING while it is running; SECUPOS_REPORT_MAY_HAVE_RUN for NULL
 * @since 0.1
 */
SECUPOS_API secupos_report_outcome SECUPOS_CALL secupos_report_outcome_now(const secupos_report *report);

/**
 * How far the report has come while it is running.
 *
 * @param report the report
 * @return one of SECUPOS_PHASE_*; SECUPOS_PHASE_NONE as soon as there is a result, and for NULL
 * @since 0.1
 */
SECUPOS_API secupos_phase SECUPOS_CALL secupos_report_phase(const secupos_report *report);

/**
 * When the report was begun.
 *
 * @param report the report
 * @return Unix time in milliseconds, UTC; 0 for NULL
 * @since 0.1
 */
SECUPOS_API int64_t SECUPOS_CALL secupos_report_created_at(const secupos_report *report);

/**
 * What the cashier reads of the report: what happens or has happened, and what to do now. There is another text in each
 * phase; those from before stay valid, too.
 *
 * @param report the report
 * @param language one of SECUPOS_LANGUAGE_*
 * @return the text; NULL for NULL. It is borrowed: do not free it.
 * @since 0.1
 */
SECUPOS_API const char *SECUPOS_CALL secupos_report_cashier_text(
    const secupos_report *report, secupos_language language);

/**
 * Calls done once, when the report has a result, or at once if it has one. It is for window loops and for languages
 * with futures, in place of a thread that waits or a timer that asks. See "Being told" at the top.
 *
 * @param report the report
 * @param done is called on a thread of the library's
 * @param userdata is passed to done; may be NULL. It belongs to the library from now on.
 * @param userdata_free frees userdata; may be NULL
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INTERNAL if no thread could be started
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_report_notify(
    const secupos_report *report, secupos_done_callback done, void *userdata, secupos_free_callback userdata_free,
    secupos_error **error);

/**
 * Renders what the terminal prints for the report. The result is empty if it prints nothing, and while the report is
 * running.
 *
 * @param report the report
 * @param options the form of the result; may be NULL for UTF-8 text with 42 columns
 * @param out the rendered report; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT for ESC/POS in UTF-8
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_report_render(
    const secupos_report *report, const secupos_render_options *options, secupos_bytes **out, secupos_error **error);

/**
 * The report as one JSON object. It is the same in every language: {"report": "end_of_day|diagnosis", "outcome":
 * "may_have_run|done|refused|not_run|pending", "phase": "none|logging_in|waiting_for_terminal", "created_at",
 * "cashier_text": {"de", "en"}, "error", "receipt"}.
 *
 * @param report the report
 * @param out the JSON; free it with secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK or a common error
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_report_to_json(
    const secupos_report *report, secupos_bytes **out, secupos_error **error);

/**
 * What went wrong with the report.
 *
 * @param report the report
 * @return the error; NULL if nothing went wrong, and while the report is running. It is borrowed: do not free it.
 * @since 0.1
 */
SECUPOS_API const secupos_error *SECUPOS_CALL secupos_report_error(const secupos_report *report);

/**
 * Frees a report. A report that is running goes on. The notices that were asked for by way of this handle are taken
 * back.
 *
 * @param report the report
 * @since 0.1
 */
SECUPOS_API void SECUPOS_CALL secupos_report_free(secupos_report *report);

#ifdef __cplusplus
}
#endif

#ifdef _WIN32
#include "secupos_windows.h"
#endif

#endif /* SECUPOS_H */
