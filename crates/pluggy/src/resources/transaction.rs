//! Transactions of accounts and cards, and their categories. Sources: P `transaction`, P `category`.

use super::masked::Masked;
use crate::amount::Amount;
use crate::json::{Object, Read};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words! {
    /// Which way the money went.
    TransactionDirection {
        /// Out of the account.
        Debit = "DEBIT",
        /// Into the account.
        Credit = "CREDIT",
    }
}

words! {
    /// Whether it is final.
    TransactionStatus {
        /// May still change or vanish.
        Pending = "PENDING",
        /// Final.
        Posted = "POSTED",
    }
}

/// A transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Its identifier.
    pub id: String,
    /// The account that it belongs to.
    pub account_id: Option<String>,
    /// When it was made; for many institutions the first moment of the day in UTC or in São Paulo.
    pub date: Option<Timestamp>,
    /// What it was.
    pub description: Option<String>,
    /// What it was, in the institution's words.
    pub description_raw: Option<String>,
    /// Which way the money went.
    pub direction: Option<TransactionDirection>,
    /// How much; for bank accounts less than nothing when it went out.
    pub amount: Option<Amount>,
    /// How much in the account's currency.
    pub amount_in_account_currency: Option<Amount>,
    /// The balance after it.
    pub balance: Option<Amount>,
    /// ISO 4217 code of the amount.
    pub currency: Option<String>,
    /// Name of its category.
    pub category: Option<String>,
    /// Identifier of its category.
    pub category_id: Option<String>,
    /// Whether it is final; final when nothing is said (P).
    pub status: TransactionStatus,
    /// The institution's code for this kind of transaction.
    pub provider_code: Option<String>,
    /// The institution's identifier of it.
    pub provider_id: Option<String>,
    /// PIX, TED and the like.
    pub operation_type: Option<String>,
    /// Who paid whom.
    pub payment_data: Option<PaymentData>,
    /// More about a purchase by card.
    pub card_metadata: Option<CardMetadata>,
    /// The shop.
    pub merchant: Option<Merchant>,
    /// When Pluggy first saw it.
    pub created_at: Option<Timestamp>,
    /// When Pluggy last changed it.
    pub updated_at: Option<Timestamp>,
}

/// Who paid whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentData {
    /// From whom.
    pub payer: Option<Participant>,
    /// To whom.
    pub receiver: Option<Participant>,
    /// PIX, TED, DOC, boleto.
    pub payment_method: Option<String>,
    /// The institution's number of the payment.
    pub reference_number: Option<String>,
    /// The receiver's number of the payment.
    pub receiver_reference_id: Option<String>,
    /// What the payer wrote.
    pub reason: Option<String>,
}

/// One side of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Their name.
    pub name: Option<String>,
    /// CPF or CNPJ.
    pub document: Option<Masked>,
    /// Which of the two.
    pub document_type: Option<String>,
    /// Their account.
    pub account_number: Option<Masked>,
    /// Their branch.
    pub branch_number: Option<String>,
    /// Their bank (COMPE).
    pub routing_number: Option<String>,
}

/// More about a purchase by card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardMetadata {
    /// Which installment.
    pub installment_number: Option<u64>,
    /// Of how many.
    pub total_installments: Option<u64>,
    /// What all of them cost.
    pub total_amount: Option<Amount>,
    /// Code of the shop's trade.
    pub payee_mcc: Option<String>,
    /// When it was bought.
    pub purchase_date: Option<Date>,
    /// On which bill it is.
    pub bill_id: Option<String>,
    /// The card, in part.
    pub card_number: Option<Masked>,
}

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    /// As it is known.
    pub name: Option<String>,
    /// As it is registered.
    pub business_name: Option<String>,
    /// Its CNPJ.
    pub cnpj: Option<String>,
    /// What it sells.
    pub category: Option<String>,
}

/// A category of transactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub description: Option<String>,
    /// The category above it.
    pub parent_id: Option<String>,
}

impl Read for Transaction {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            account_id: object.text("accountId"),
            date: object.instant("date"),
            description: object.label("description"),
            description_raw: object.label("descriptionRaw"),
            direction: object.word("type"),
            amount: object.amount("amount"),
            amount_in_account_currency: object.amount("amountInAccountCurrency"),
            balance: object.amount("balance"),
            currency: object.label("currencyCode"),
            category: object.label("category"),
            category_id: object.text("categoryId"),
            status: object.word("status").unwrap_or(TransactionStatus::Posted),
            provider_code: object.text("providerCode"),
            provider_id: object.text("providerId"),
            operation_type: object.label("operationType"),
            payment_data: object.part("paymentData"),
            card_metadata: object.part("creditCardMetadata"),
            merchant: object.part("merchant"),
            created_at: object.instant("createdAt"),
            updated_at: object.instant("updatedAt"),
        })
    }
}

impl Read for PaymentData {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            payer: object.part("payer"),
            receiver: object.part("receiver"),
            payment_method: object.label("paymentMethod"),
            reference_number: object.label("referenceNumber"),
            receiver_reference_id: object.label("receiverReferenceId"),
            reason: object.label("reason"),
        })
    }
}

impl Read for Participant {
    fn read(object: &Object<'_>) -> Option<Self> {
        let document = object.object("documentNumber");
        Some(Self {
            name: object.label("name"),
            document: document.as_ref().and_then(|document| document.text("value")).map(Masked::new),
            document_type: document.as_ref().and_then(|document| document.label("type")),
            account_number: object.text("accountNumber").map(Masked::new),
            branch_number: object.label("branchNumber"),
            routing_number: object.label("routingNumber"),
        })
    }
}

impl Read for CardMetadata {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            installment_number: object.count("installmentNumber"),
            total_installments: object.count("totalInstallments"),
            total_amount: object.amount("totalAmount"),
            payee_mcc: object.text("payeeMCC"),
            purchase_date: object.day("purchaseDate"),
            bill_id: object.text("billId"),
            card_number: object.text("cardNumber").map(Masked::new),
        })
    }
}

impl Read for Merchant {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            name: object.label("name"),
            business_name: object.label("businessName"),
            cnpj: object.label("cnpj"),
            category: object.label("category"),
        })
    }
}

impl Read for Category {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            description: object.label("description"),
            parent_id: object.text("parentId"),
        })
    }
}
