{ Sells a bread roll for 0.01 EUR and prints both receipts: the whole of a till, in Delphi or Free Pascal.

      pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE STATE_FILE

  Kill it while the customer stands at the terminal and start it again: it tells what became of the payment. }
program pay;

{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  secupos;

{ A parameter as the library wants it. A real till has its settings from elsewhere. }
function given(number: Integer): UTF8String;
begin
  given := UTF8Encode(WideString(ParamStr(number)));
end;

{ Says what went wrong and forgets it. Nothing was charged. }
procedure refuse(var error: Psecupos_error);
begin
  WriteLn(ErrOutput, secupos_error_message(error));
  WriteLn(ErrOutput, secupos_error_cashier_text(error, SECUPOS_LANGUAGE_ENGLISH));
  secupos_error_free(error);
  error := nil;
end;

function open_till(var error: Psecupos_error): Psecupos_till;
var
  config: Psecupos_config;
  till: Psecupos_till;
begin
  config := nil;
  till := nil;
  if (secupos_config_new(config, error) = SECUPOS_OK)
    and (secupos_config_set_base_url(config, PAnsiChar(given(1)), error) = SECUPOS_OK)
    and (secupos_config_set_client_credentials(config, PAnsiChar(given(2)), PAnsiChar(given(3)), error) = SECUPOS_OK)
    and (secupos_config_set_device_code(config, PAnsiChar(given(4)), error) = SECUPOS_OK)
    { A real till makes the file once, when it is set up. Here each run may be the first. }
    and (secupos_config_set_state_file(config, PAnsiChar(given(6)), SECUPOS_STATE_CREATE, error) = SECUPOS_OK) then
    secupos_till_open(config, till, error);
  secupos_config_free(config);
  open_till := till;
end;

function one_bread_roll(var error: Psecupos_error): Psecupos_sale;
var
  sale: Psecupos_sale;
begin
  sale := nil;
  if secupos_sale_new(PAnsiChar(given(5)), 1, 'EUR', sale, error) = SECUPOS_OK then
    if secupos_sale_add_item(sale, 'Br'#$C3#$B6'tchen', 1, 1, 7, '70000', nil, error) <> SECUPOS_OK then
    begin
      secupos_sale_free(sale);
      sale := nil;
    end;
  one_bread_roll := sale;
end;

function print_receipt(payment: Psecupos_payment; copy: secupos_copy): Boolean;
var
  text: Psecupos_bytes;
  error: Psecupos_error;
begin
  text := nil;
  error := nil;
  print_receipt := secupos_payment_render_receipt(payment, copy, nil, text, error) = SECUPOS_OK;
  if text = nil then
    refuse(error)
  else
    Write('------------------------------------------'#10, secupos_bytes_data(text));
  secupos_bytes_free(text);
end;

{ What the library says is to be done next, in its order: a till needs no decision table of its own. }
function do_next(payment: Psecupos_payment): Boolean;
var
  done: Boolean;
  number: Integer;
begin
  done := True;
  for number := 1 to Integer(secupos_payment_next_action_count(payment)) do
    case secupos_payment_next_action(payment, number - 1) of
      SECUPOS_ACTION_PRINT_MERCHANT: done := print_receipt(payment, SECUPOS_COPY_MERCHANT) and done;
      SECUPOS_ACTION_PRINT_CUSTOMER: done := print_receipt(payment, SECUPOS_COPY_CUSTOMER) and done;
      SECUPOS_ACTION_TAKE_SIGNATURE: WriteLn('>> The customer signs the merchant''s receipt.');
      SECUPOS_ACTION_TRY_AGAIN: WriteLn('>> Another attempt may be offered.');
      SECUPOS_ACTION_RECOVER_LATER: WriteLn('>> Ask again later.');
      SECUPOS_ACTION_LOOK_AT_TERMINAL: WriteLn('>> Look at the terminal.');
      SECUPOS_ACTION_ASK_CASHIER: WriteLn('>> Is there a slip? What is booked?');
      { These three are told once: whoever does them twice pays twice. }
      SECUPOS_ACTION_REFUND: WriteLn('>> Give the money back.');
      SECUPOS_ACTION_COLLECT: WriteLn('>> Collect the money.');
      SECUPOS_ACTION_COLLECT_REST:
        WriteLn('>> Collect the rest in another way, or under a new reference: ',
          secupos_payment_amount_due(payment), ' cents.');
      SECUPOS_ACTION_CALL_SUPPORT: WriteLn('>> Call the support.');
      { CHECK_UNFINISHED is done when this payment is; a newer library's: the cashier's text says it. }
    end;
  do_next := done;
end;

function has_action(payment: Psecupos_payment; action: secupos_action): Boolean;
var
  number: Integer;
begin
  has_action := False;
  for number := 1 to Integer(secupos_payment_next_action_count(payment)) do
    if secupos_payment_next_action(payment, number - 1) = action then
      has_action := True;
end;

procedure print_numbers(payment: Psecupos_payment);
var
  receipt: Psecupos_receipt;
  error: Psecupos_error;
  signature, printed: PAnsiChar;
begin
  receipt := nil;
  error := nil;
  if secupos_payment_receipt(payment, SECUPOS_COPY_MERCHANT, receipt, error) <> SECUPOS_OK then
  begin
    secupos_error_free(error);
    Exit;
  end;
  case secupos_payment_signature(payment) of
    SECUPOS_SIGNATURE_REQUIRED: signature := 'required';
    SECUPOS_SIGNATURE_NOT_REQUIRED: signature := 'not_required';
  else
    signature := 'unknown';
  end;
  printed := secupos_receipt_field(receipt, 'receipt_no');
  if printed = nil then
    printed := 'none';
  WriteLn('------------------------------------------');
  WriteLn('signature: ', signature);
  WriteLn('receipt number on the slip: ', printed);
  WriteLn('receipt number: ', secupos_payment_receipt_number(payment));
  secupos_receipt_free(receipt);
end;

{ Shows what became of a payment, does what is to be done next, and books it, by reference and attempt: whatever moved money
  is acknowledged, unless it is on its way back. }
function finish(till: Psecupos_till; payment: Psecupos_payment): Boolean;
var
  error: Psecupos_error;
  outcome: secupos_outcome;
  done, moved: Boolean;
begin
  error := nil;
  outcome := secupos_payment_outcome(payment);
  WriteLn('outcome: ', secupos_outcome_name(outcome));
  WriteLn(secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH));
  done := do_next(payment) and (outcome = SECUPOS_OUTCOME_APPROVED);
  print_numbers(payment);
  moved := (outcome = SECUPOS_OUTCOME_APPROVED) or (outcome = SECUPOS_OUTCOME_REVERSED)
    or (secupos_payment_conflict(payment) <> 0);
  if moved and (secupos_payment_reversal(payment) <> SECUPOS_REVERSAL_UNKNOWN) then
    if secupos_payment_acknowledge(payment, till, error) <> SECUPOS_OK then
    begin
      refuse(error);
      done := False;
    end;
  finish := done;
end;

{ What an earlier run has left open, because it was killed or the power failed. Starts nothing.
  Whether the sale that is to be paid now was among it and has been paid. }
function paid_earlier(till: Psecupos_till): Boolean;
var
  left: Psecupos_payment_list;
  payment: Psecupos_payment;
  error: Psecupos_error;
  reference: UTF8String;
  number: Integer;
begin
  left := nil;
  error := nil;
  paid_earlier := False;
  if secupos_till_recover_all(till, 60000, left, error) <> SECUPOS_OK then { within a minute }
    refuse(error);
  for number := 1 to Integer(secupos_payment_list_count(left)) do
  begin
    payment := secupos_payment_list_payment(left, number - 1);
    reference := secupos_payment_reference(payment);
    WriteLn('>> Left open earlier: ', reference);
    finish(till, payment);
    if (secupos_payment_outcome(payment) = SECUPOS_OUTCOME_APPROVED) and (reference = given(5)) then
      paid_earlier := True;
  end;
  secupos_payment_list_free(left);
end;

{ Paying a second time with the same reference would be safe, too: nothing is charged twice. }
function pay_once(till: Psecupos_till): Boolean;
var
  error: Psecupos_error;
  sale: Psecupos_sale;
  payment: Psecupos_payment;
begin
  error := nil;
  payment := nil;
  pay_once := False;
  sale := one_bread_roll(error);
  if sale <> nil then
    secupos_till_pay(till, sale, payment, error);
  if payment = nil then
    refuse(error)
  else
  begin
    pay_once := finish(till, payment);
    if has_action(payment, SECUPOS_ACTION_CHECK_UNFINISHED) then { something else waits to be told }
      paid_earlier(till);
  end;
  secupos_payment_free(payment);
  secupos_sale_free(sale);
end;

var
  error: Psecupos_error;
  till: Psecupos_till;
begin
  if ParamCount <> 6 then
  begin
    WriteLn(ErrOutput, 'usage: pay BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE REFERENCE STATE_FILE');
    Halt(2);
  end;
  error := nil;
  till := open_till(error);
  if till = nil then
  begin
    refuse(error);
    Halt(1);
  end;
  if not paid_earlier(till) then
    if not pay_once(till) then
      ExitCode := 1;
  secupos_till_free(till);
end.
