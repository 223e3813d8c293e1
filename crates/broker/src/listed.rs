//! What programs read in pages, over the socket and over HTTP.

use crate::paging::{Page, PageAsk, bent, fitting, page};
use connections::error::CoreError;
use connections::view::{AccountView, ConnectionView, TransactionView};
use connections::{ConnectionKey, Connections};

/// Connections, by name; a page costs no more where there are very many. Its cursor is the last one's pair of names.
pub(crate) fn connections(core: &Connections, ask: &PageAsk) -> Result<Page<ConnectionView>, CoreError> {
    let after = ask.cursor.as_deref().map(str::parse::<ConnectionKey>).transpose().map_err(|_| bent())?;
    let limit = ask.limit();
    let (mut page, _) = core.connections_page(None, after.as_ref(), limit + 1);
    let more = page.len() > limit;
    page.truncate(limit);
    let (page, cut) = fitting(page);
    let next = page.last().filter(|_| more || cut).map(|one| one.key.to_string());
    Ok((page, next))
}

/// Accounts that were read, of one connection or of all.
pub(crate) async fn accounts(
    core: &Connections,
    only: Option<&ConnectionKey>,
    ask: &PageAsk,
) -> Result<Page<AccountView>, CoreError> {
    page(core.accounts(only).await?, ask, |one| format!("{}/{}", one.key, one.account.id))
}

/// Lines of an account, the newest first.
pub(crate) async fn transactions(
    core: &Connections,
    key: &ConnectionKey,
    account: &str,
    ask: &PageAsk,
) -> Result<Page<TransactionView>, CoreError> {
    page(core.transactions(key, account).await?, ask, |one| one.id.clone())
}
