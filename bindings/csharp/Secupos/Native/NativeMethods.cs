// The functions of include/secupos.h, one for one and under their own names; the tests compare the two.
//
// Enums are int here, because a newer library may answer with a number that the enum does not have. size_t is UIntPtr,
// texts go in as NUL-terminated UTF-8 and come out as pointers that are lent. A free takes the bare pointer: it is
// called when its SafeHandle has let go of it.

using System;
using System.Runtime.InteropServices;

namespace Secupos.Native
{
    internal static class NativeMethods
    {
        private const string Library = "secupos";
        private const CallingConvention Cdecl = CallingConvention.Cdecl;

        // version
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_version();

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern uint secupos_abi_version();

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_status_name(int status);

        // config
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_new(out ConfigHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_config_free(IntPtr config);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_environment(
            ConfigHandle config, int environment, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_base_url(ConfigHandle config, byte[] url, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_client_credentials(
            ConfigHandle config, byte[] id, byte[] secret, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_device_code(
            ConfigHandle config, byte[] code, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_state_file(
            ConfigHandle config, byte[] path, int flags, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_head_file(
            ConfigHandle config, byte[] path, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_add_ca_file(ConfigHandle config, byte[] path, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_proxy(
            ConfigHandle config, byte[] url, byte[] user, byte[] password, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_user_agent_suffix(
            ConfigHandle config, byte[] suffix, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_timeout_ms(
            ConfigHandle config, int which, long milliseconds, out ErrorHandle error);

        // log
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_config_set_log(
            ConfigHandle config, int level, LogCallback callback, IntPtr userdata, FreeCallback userdataFree,
            out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_end_logs();

        // till
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_open(ConfigHandle config, out TillHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_till_free(IntPtr till);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_pay(
            TillHandle till, SaleHandle sale, out PaymentHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_start_payment(
            TillHandle till, SaleHandle sale, out PaymentHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_recover(
            TillHandle till, byte[] reference, int attempt, out PaymentHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_recover_all(
            TillHandle till, long timeoutMilliseconds, out PaymentListHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_unfinished(
            TillHandle till, out PaymentListHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_acknowledge(
            TillHandle till, byte[] reference, int attempt, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_acknowledge(
            PaymentHandle payment, TillHandle till, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_decide(
            TillHandle till, byte[] reference, int attempt, int decision, byte[] operatorName, byte[] reason,
            long slipNumber, out PaymentHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_decide_reversal(
            TillHandle till, byte[] reference, int attempt, int decision, byte[] operatorName, byte[] reason,
            out PaymentHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_rebind(
            ConfigHandle config, byte[] operatorName, byte[] reason, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_find_payments(
            TillHandle till, long fromMilliseconds, long toMilliseconds, long receiptNumber,
            out PaymentListHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_accept_journal_loss(
            TillHandle till, byte[] operatorName, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_reverse(
            TillHandle till, byte[] reference, int attempt, out PaymentHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_reverse_confirmed(
            TillHandle till, byte[] reference, int attempt, byte[] operatorName, out PaymentHandle made,
            out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_to_json(TillHandle till, out BytesHandle made, out ErrorHandle error);

        // report
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_run_end_of_day(
            TillHandle till, int flags, out ReportHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_run_diagnosis(
            TillHandle till, int flags, out ReportHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_report_wait(
            ReportHandle report, long timeoutMilliseconds, out int outcome, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_report_render(
            ReportHandle report, RenderOptionsHandle options, out BytesHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_report_to_json(
            ReportHandle report, out BytesHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern LentErrorHandle secupos_report_error(ReportHandle report);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_report_free(IntPtr report);

        // registration
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_register(
            TillHandle till, byte[] deviceUuid, out RegistrationHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_registration_state(
            TillHandle till, out int state, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_registration_user_code(RegistrationHandle registration);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_registration_verification_url(RegistrationHandle registration);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_registration_expires_at(RegistrationHandle registration);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_registration_wait(
            RegistrationHandle registration, long timeoutMilliseconds, out int state, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_registration_free(IntPtr registration);

        // archive
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_verify_archive(
            TillHandle till, out BytesHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_export_day(
            TillHandle till, byte[] date, byte[] folder, out BytesHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_till_prune_archive(
            TillHandle till, int retentionDays, byte[] operatorName, out BytesHandle made, out ErrorHandle error);

        // sale
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_new(
            byte[] reference, long amount, byte[] currency, out SaleHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_set_attempt(SaleHandle sale, int attempt, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_add_item(
            SaleHandle sale, byte[] description, int quantity, long unitPrice, int taxPercent, byte[] articleNumber,
            byte[] ean, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_add_coupon(
            SaleHandle sale, byte[] description, int quantity, long unitPrice, int taxPercent, byte[] articleNumber,
            byte[] ean, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_add_item_group(
            SaleHandle sale, byte[] groupId, byte[] groupDescription, int level, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_set_gratuity(SaleHandle sale, long gratuity, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_set_transaction_ref(
            SaleHandle sale, byte[] text, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_sale_confirm_not_duplicate(
            SaleHandle sale, byte[] operatorName, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_sale_free(IntPtr sale);

        // payment
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_wait(
            PaymentHandle payment, long timeoutMilliseconds, out int outcome, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_abort(
            PaymentHandle payment, out int result, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_payment_free(IntPtr payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_outcome(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_reason(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_reversal(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_basis(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_replayed(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_conflict(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern UIntPtr secupos_payment_next_action_count(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_next_action(PaymentHandle payment, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_payment_reference(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_attempt(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_payment_transaction_id(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_payment_status_text(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_payment_amount(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_payment_amount_charged(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_payment_amount_due(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_payment_currency(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_payment_receipt_number(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_payment_created_at(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_payment_settled_at(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_signature(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_merchant_receipt_due(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_receipts_pruned(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_payment_cashier_text(PaymentHandle payment, int language);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern LentErrorHandle secupos_payment_error(PaymentHandle payment);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_receipt(
            PaymentHandle payment, int copy, out ReceiptHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_render_receipt(
            PaymentHandle payment, int copy, RenderOptionsHandle options, out BytesHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_payment_to_json(
            PaymentHandle payment, out BytesHandle made, out ErrorHandle error);

        // payment list
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern UIntPtr secupos_payment_list_count(PaymentListHandle list);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern LentPaymentHandle secupos_payment_list_payment(PaymentListHandle list, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_payment_list_free(IntPtr list);

        // receipt
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_parse(
            byte[] json, UIntPtr len, int copy, out ReceiptHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_receipt_free(IntPtr receipt);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern UIntPtr secupos_receipt_line_count(ReceiptHandle receipt);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_line_type(ReceiptHandle receipt, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_receipt_line_text(ReceiptHandle receipt, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_receipt_line_name(ReceiptHandle receipt, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_receipt_line_value(ReceiptHandle receipt, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_line_is_important(ReceiptHandle receipt, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_line_alignment(ReceiptHandle receipt, UIntPtr index);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_receipt_field(ReceiptHandle receipt, byte[] name);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_signature(ReceiptHandle receipt);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_render(
            ReceiptHandle receipt, RenderOptionsHandle options, out BytesHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_replaced(
            ReceiptHandle receipt, RenderOptionsHandle options, out int count, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_receipt_to_json(
            ReceiptHandle receipt, out BytesHandle made, out ErrorHandle error);

        // render options
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_new(out RenderOptionsHandle made, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_columns(
            RenderOptionsHandle options, int columns, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_format(
            RenderOptionsHandle options, int format, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_code_page(
            RenderOptionsHandle options, int page, int slot, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_cut(
            RenderOptionsHandle options, int cut, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_feed(
            RenderOptionsHandle options, int lines, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_duplicate(
            RenderOptionsHandle options, int duplicate, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_language(
            RenderOptionsHandle options, int language, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_prefix(
            RenderOptionsHandle options, byte[] prefix, UIntPtr len, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_render_options_set_suffix(
            RenderOptionsHandle options, byte[] suffix, UIntPtr len, out ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_render_options_free(IntPtr options);

        // bytes
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_bytes_data(BytesHandle bytes);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern UIntPtr secupos_bytes_len(BytesHandle bytes);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_bytes_free(IntPtr bytes);

        // error
        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_error_status(ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_error_message(ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_error_cashier_text(ErrorHandle error, int language);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern int secupos_error_http_status(ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_error_server_code(ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_error_server_text(ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern IntPtr secupos_error_support_id(ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern long secupos_error_retry_after_ms(ErrorHandle error);

        [DllImport(Library, CallingConvention = Cdecl)]
        internal static extern void secupos_error_free(IntPtr error);
    }
}
