//! How far each product is.

use super::Progress;
use crate::resources::{ExecutionStatus, Item, Product, ProductDetail, ProductWarning};
use jiff::Timestamp;
use serde::Serialize;

/// How far one product is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductProgress {
    /// Which.
    pub product: Product,
    /// How far.
    pub state: ProductState,
    /// Why not, or not all of it.
    pub warnings: Vec<ProductWarning>,
    /// When it was last collected.
    pub last_updated_at: Option<Timestamp>,
}

/// How far a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ProductState {
    /// Not yet begun.
    Waiting,
    /// Being collected.
    Running,
    /// Collected.
    Done,
    /// Not collected.
    Failed,
}

/// The products of `item`, as far as it says which were asked for.
pub(super) fn of(item: &Item, progress: &Progress) -> Vec<ProductProgress> {
    let current = item.execution_status.as_ref().and_then(current).filter(|_| *progress == Progress::Working);
    let over = matches!(progress, Progress::Done | Progress::DoneWithGaps(_) | Progress::Failed(_));
    let mut products: Vec<_> = item
        .status_detail
        .iter()
        .map(|detail| ProductProgress {
            product: detail.product.clone(),
            state: state(item, detail, current.as_ref(), over),
            warnings: detail.warnings.clone(),
            last_updated_at: detail.last_updated_at,
        })
        .collect();
    if let Some(product) = current
        && !products.iter().any(|one| one.product == product)
    {
        let state = ProductState::Running;
        products.push(ProductProgress { product, state, warnings: Vec::new(), last_updated_at: None });
    }
    products
}

fn state(item: &Item, detail: &ProductDetail, current: Option<&Product>, over: bool) -> ProductState {
    if current == Some(&detail.product) {
        return ProductState::Running;
    }
    // During a run the details may still be those of the run before.
    let of_this_run = detail.last_updated_at > item.last_updated_at;
    match (over, detail.is_updated) {
        (true, true) => ProductState::Done,
        (true, false) => ProductState::Failed,
        (false, true) if of_this_run => ProductState::Done,
        (false, _) => ProductState::Waiting,
    }
}

const fn current(status: &ExecutionStatus) -> Option<Product> {
    use ExecutionStatus as E;
    Some(match status {
        E::AccountsInProgress => Product::Accounts,
        E::CreditCardsInProgress => Product::CreditCards,
        E::TransactionsInProgress => Product::Transactions,
        E::PaymentDataInProgress => Product::PaymentData,
        E::InvestmentsInProgress => Product::Investments,
        E::InvestmentsTransactionsInProgress => Product::InvestmentsTransactions,
        E::IdentityInProgress => Product::Identity,
        E::LoansInProgress => Product::Loans,
        E::AccountStatementsInProgress => Product::AccountStatements,
        _ => return None,
    })
}
