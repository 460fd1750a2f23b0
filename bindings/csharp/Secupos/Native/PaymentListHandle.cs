// Payments. Each of them lives as long as the list.

using System;
using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class PaymentListHandle : NativeHandle
    {
        /// <summary>The payments of the list, which is freed when the last of them is disposed.</summary>
        internal Payment[] ToPayments()
        {
            var payments = new Payment[(int)secupos_payment_list_count(this)];
            for (var i = 0; i < payments.Length; i++)
            {
                payments[i] = new Payment(secupos_payment_list_payment(this, (UIntPtr)i).Holding(this));
            }
            return payments;
        }

        protected override bool ReleaseHandle()
        {
            secupos_payment_list_free(handle);
            return true;
        }
    }
}
