//! What the API holds: connectors, items, and what items have collected.
//!
//! A field is none when it is missing, null or of another type. Only an identifier makes an element what it is.

mod account;
mod bill;
mod connector;
mod consent;
mod identity;
mod investment;
mod item;
mod loan;
mod masked;
mod transaction;

pub use account::{Account, AccountKind, AccountSubtype, BankData, CreditData, ReservedBalance};
pub use bill::{Bill, BillCharge, BillPayment};
pub use connector::{
    Connector, ConnectorHealth, ConnectorType, Field, FieldKind, HealthStatus, Product, SelectOption,
};
pub use consent::Consent;
pub use identity::{Address, Identity, Labelled, Relation};
pub use investment::{
    Investment, InvestmentStatus, InvestmentTransaction, InvestmentType, MovementDirection,
};
pub use item::{
    ExecutionError, ExecutionStatus, Item, ItemStatus, ProductDetail, ProductWarning, UserAction,
    UserActionKind,
};
pub use loan::{InterestRate, Loan, LoanInstallments, LoanKind, LoanPayment};
pub use masked::Masked;
pub use transaction::{
    CardMetadata, Category, Merchant, Participant, PaymentData, Transaction, TransactionDirection,
    TransactionStatus,
};
