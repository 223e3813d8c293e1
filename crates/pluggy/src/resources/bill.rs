//! Bills of credit cards. Source: P `creditCardBills`.

use crate::amount::Amount;
use crate::json::{Object, Read};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A bill of a credit card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Its identifier.
    pub id: String,
    /// When it is due.
    pub due_date: Option<Date>,
    /// When it was closed.
    pub closing_date: Option<Date>,
    /// What is owed.
    pub total_amount: Option<Amount>,
    /// ISO 4217 code of the amount.
    pub currency: Option<String>,
    /// The least to be paid.
    pub minimum_payment_amount: Option<Amount>,
    /// Whether it may be paid in installments.
    pub allows_installments: Option<bool>,
    /// Interest and fees.
    pub finance_charges: Vec<BillCharge>,
    /// What was paid.
    pub payments: Vec<BillPayment>,
}

/// Interest or a fee on a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillCharge {
    /// `LATE_PAYMENT_FEE`, `IOF` and the like.
    pub kind: Option<String>,
    /// How much.
    pub amount: Option<Amount>,
    /// More.
    pub additional_info: Option<String>,
}

/// A payment of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillPayment {
    /// `FULL_PAYMENT`, `INSTALLMENT_PAYMENT`, `OTHER_PAYMENT`.
    pub kind: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// `PIX`, `BANK_SLIP` and the like.
    pub mode: Option<String>,
    /// How much.
    pub amount: Option<Amount>,
}

impl Read for Bill {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            due_date: object.day("dueDate"),
            closing_date: object.day("billClosingDate"),
            total_amount: object.amount("totalAmount"),
            currency: object.label("totalAmountCurrencyCode"),
            minimum_payment_amount: object.amount("minimumPaymentAmount"),
            allows_installments: object.flag("allowsInstallments"),
            finance_charges: object.parts("financeCharges"),
            payments: object.parts("payments"),
        })
    }
}

impl Read for BillCharge {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            kind: object.label("type"),
            amount: object.amount("amount"),
            additional_info: object.label("additionalInfo"),
        })
    }
}

impl Read for BillPayment {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            kind: object.label("valueType"),
            date: object.day("paymentDate"),
            mode: object.label("paymentMode"),
            amount: object.amount("amount"),
        })
    }
}
