Attribute VB_Name = "Pay"
' Sells a bread roll for 0.01 EUR: the whole of a till, in Visual Basic 6. Put bindings/vb/Secupos.bas into the same project,
' and libsecupos.dll and secupos_vb.dll beside the program.
'
'     Dim till As Long
'     till = OpenTill("https://…", "client id", "client secret", "C:\ProgramData\Till\till.db")
'     CheckUnfinished till                  ' once, when the program starts
'     If PayBreadRoll(till, "42") Then …    ' for each sale, with a number of its own
'     secupos_till_free till
Option Explicit

' The till, or 0, and the cashier has read why. A real till makes the file once, when it is set up.
Public Function OpenTill(ByVal baseUrl As String, ByVal clientId As String, ByVal clientSecret As String, _
        ByVal stateFile As String) As Long
    Dim config As Long, till As Long, fault As Long
    Dim status As Long
    status = secupos_config_new(config, fault)
    If status = SECUPOS_OK Then status = secupos_config_set_base_url(config, baseUrl, fault)
    If status = SECUPOS_OK Then status = secupos_config_set_client_credentials(config, clientId, clientSecret, fault)
    If status = SECUPOS_OK Then status = secupos_config_set_state_file(config, stateFile, SECUPOS_STATE_CREATE, fault)
    If status = SECUPOS_OK Then status = secupos_till_open(config, till, fault)
    secupos_config_free config
    If status <> SECUPOS_OK Then Refuse fault
    OpenTill = till
End Function

' What an earlier run has left open, because it was ended or the power failed. Starts nothing.
Public Sub CheckUnfinished(ByVal till As Long)
    Dim list As Long, fault As Long, number As Long
    If secupos_till_recover_all(till, 60000, list, fault) <> SECUPOS_OK Then Refuse fault
    For number = 0 To secupos_payment_list_count(list) - 1
        Finish till, secupos_payment_list_payment(list, number)
    Next number
    secupos_payment_list_free list
End Sub

' Whether the sale is paid. To call it again with the same reference is safe: nothing is charged twice.
Public Function PayBreadRoll(ByVal till As Long, ByVal reference As String) As Boolean
    Dim sale As Long, payment As Long, fault As Long
    Dim status As Long
    status = secupos_sale_new(reference, 1, "EUR", sale, fault)
    If status = SECUPOS_OK Then
        status = secupos_sale_add_item(sale, "Br" & ChrW$(246) & "tchen", 1, 1, 7, "70000", vbNullString, fault)
    End If
    If status = SECUPOS_OK Then status = secupos_till_start_payment(till, sale, payment, fault)
    If status = SECUPOS_OK Then
        PayBreadRoll = Await(payment)
        Finish till, payment
        If HasAction(payment, SECUPOS_ACTION_CHECK_UNFINISHED) Then CheckUnfinished till
    Else
        Refuse fault
    End If
    secupos_payment_free payment
    secupos_sale_free sale
End Function

' Windows go on being drawn while the customer is at the terminal.
Private Function Await(ByVal payment As Long) As Boolean
    Dim outcome As Long, fault As Long
    Do
        If secupos_payment_wait(payment, 50, outcome, fault) <> SECUPOS_OK Then
            Refuse fault
            Exit Function
        End If
        DoEvents
    Loop While outcome = SECUPOS_OUTCOME_PENDING
    Await = outcome = SECUPOS_OUTCOME_APPROVED
End Function

' Does what the library says is to be done next, in its order, and books it: whatever moved money is acknowledged, unless it is
' on its way back.
Private Sub Finish(ByVal till As Long, ByVal payment As Long)
    Dim fault As Long, number As Long, outcome As Long
    MsgBox secupos_payment_cashier_text(payment, SECUPOS_LANGUAGE_ENGLISH)
    For number = 0 To secupos_payment_next_action_count(payment) - 1
        Select Case secupos_payment_next_action(payment, number)
            Case SECUPOS_ACTION_PRINT_MERCHANT: PrintReceipt payment, SECUPOS_COPY_MERCHANT
            Case SECUPOS_ACTION_PRINT_CUSTOMER: PrintReceipt payment, SECUPOS_COPY_CUSTOMER
            Case SECUPOS_ACTION_TAKE_SIGNATURE: MsgBox "The customer signs the merchant's receipt."
            Case SECUPOS_ACTION_TRY_AGAIN: MsgBox "Another attempt may be offered."
            Case SECUPOS_ACTION_RECOVER_LATER: MsgBox "Ask again later."
            Case SECUPOS_ACTION_LOOK_AT_TERMINAL: MsgBox "Look at the terminal."
            Case SECUPOS_ACTION_ASK_CASHIER: MsgBox "Is there a slip? What is booked?"
            ' These three are told once: whoever does them twice pays twice.
            Case SECUPOS_ACTION_REFUND: MsgBox "Give the money back."
            Case SECUPOS_ACTION_COLLECT: MsgBox "Collect the money."
            Case SECUPOS_ACTION_COLLECT_REST: MsgBox "Collect the rest: " & secupos_payment_amount_due(payment) & " cents."
            Case SECUPOS_ACTION_CALL_SUPPORT: MsgBox "Call the support."
        End Select
    Next number
    outcome = secupos_payment_outcome(payment)
    If secupos_payment_reversal(payment) = SECUPOS_REVERSAL_UNKNOWN Then Exit Sub
    If outcome = SECUPOS_OUTCOME_APPROVED Or outcome = SECUPOS_OUTCOME_REVERSED _
            Or secupos_payment_conflict(payment) <> 0 Then
        If secupos_payment_acknowledge(payment, till, fault) <> SECUPOS_OK Then Refuse fault
    End If
End Sub

Private Function HasAction(ByVal payment As Long, ByVal action As Long) As Boolean
    Dim number As Long
    For number = 0 To secupos_payment_next_action_count(payment) - 1
        If secupos_payment_next_action(payment, number) = action Then HasAction = True
    Next number
End Function

Private Sub PrintReceipt(ByVal payment As Long, ByVal which As Long)
    Dim text As Long, fault As Long
    If secupos_payment_render_receipt(payment, which, 0, text, fault) <> SECUPOS_OK Then
        Refuse fault
        Exit Sub
    End If
    Printer.Print secupos_bytes_text(text)
    Printer.EndDoc
    secupos_bytes_free text
End Sub

' Says what went wrong and forgets it. Nothing was charged.
Private Sub Refuse(ByVal fault As Long)
    MsgBox secupos_error_message(fault) & vbNewLine & secupos_error_cashier_text(fault, SECUPOS_LANGUAGE_ENGLISH)
    secupos_error_free fault
End Sub
