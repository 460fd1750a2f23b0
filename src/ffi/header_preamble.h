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
