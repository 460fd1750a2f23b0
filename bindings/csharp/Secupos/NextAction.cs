// What the till should do next.

namespace Secupos
{
    /// <summary>
    /// What the till should do next. A till that does these in their order, and nothing else, does right.
    /// </summary>
    /// <remarks>
    /// <see cref="Refund"/>, <see cref="Collect"/> and <see cref="CollectRest"/> are said once, by <see cref="Till.Pay"/>,
    /// <see cref="Till.Recover"/> or <see cref="Till.RecoverAll"/>. Later that is <see cref="AskCashier"/>: somebody may
    /// have done it already.
    /// </remarks>
    public enum NextAction
    {
        /// <summary>
        /// Nothing that this assembly knows: a newer library asks for something else. Show the cashier text.
        /// </summary>
        None = 0,

        /// <summary>Print the merchant's copy and keep it.</summary>
        PrintMerchant = 1,

        /// <summary>
        /// Have the customer sign the merchant's copy; where the decision is unknown, look whether it asks for it.
        /// </summary>
        TakeSignature = 2,

        /// <summary>Print the customer's copy.</summary>
        PrintCustomer = 3,

        /// <summary>Offer another attempt.</summary>
        TryAgain = 4,

        /// <summary>Ask again later what became of it, with <see cref="Till.Recover"/>.</summary>
        RecoverLater = 5,

        /// <summary>Look at the terminal.</summary>
        LookAtTerminal = 6,

        /// <summary>Ask the cashier: is there a slip, what does the terminal show?</summary>
        AskCashier = 7,

        /// <summary>Give the money back.</summary>
        Refund = 8,

        /// <summary>Collect the money.</summary>
        Collect = 9,

        /// <summary>Call the support.</summary>
        CallSupport = 10,

        /// <summary>
        /// Collect what is missing (<see cref="Payment.AmountDue"/>), in another way or as a sale under a new reference.
        /// </summary>
        CollectRest = 11,

        /// <summary>
        /// Something else at this till needs a person and has not been told: call <see cref="Till.RecoverAll"/>.
        /// </summary>
        CheckUnfinished = 12,
    }
}
