//! Accounts, transactions, balances over time, and files of them.

use crate::Host;
use crate::dto::{
    AccountsOverview, BalanceAsk, CurrencyFlow, ExportAsk, ExportFormat, ExportSaved, FoundTransaction,
    TransactionsAsk, TransactionsPage,
};
use connections::Connections;
use connections::error::{CoreError, ErrorCode};
use connections::ledger::{self, BalanceHistory, Search};
use connections::view::{AccountView, Failure};
use export::{Export, Format};
use std::collections::HashSet;
use std::io;

/// Most transactions in an answer: a few screens, so that each answer is made and drawn within a frame.
const LARGEST_PAGE: u32 = 200;
/// Accounts whose balances are added up at most. Of more there is no line: one of some would look like one of all.
const MOST_ACCOUNTS: usize = 50;

/// All accounts, and what they come to.
pub async fn accounts_overview(host: &Host, _request: ()) -> Result<AccountsOverview, Failure> {
    let core = host.connections()?;
    let accounts = core.accounts(None).await?;
    let practice: HashSet<_> =
        core.connections().into_iter().filter(|one| one.sandbox).map(|one| one.key).collect();
    let real: Vec<&AccountView> = accounts.iter().filter(|one| !practice.contains(&one.key)).collect();
    let totals = if real.is_empty() { ledger::totals(&accounts) } else { ledger::totals(real) };
    Ok(AccountsOverview { accounts, totals })
}

/// A part of the transactions that are looked for.
pub async fn transactions_search(host: &Host, request: TransactionsAsk) -> Result<TransactionsPage, Failure> {
    let offset = request.offset;
    let limit = request.limit.clamp(1, LARGEST_PAGE);
    let findings = host.connections()?.search(&search_of(request)).await?;
    let page = findings.book.page(&findings.found, as_usize(offset), as_usize(limit));
    let transactions = page.map(|(account, transaction)| FoundTransaction {
        key: account.key.clone(),
        account_id: account.account.id.clone(),
        account_name: account.account.name.clone(),
        institution: account.institution.clone(),
        account_currency: account.account.currency.clone(),
        transaction: transaction.clone(),
    });
    let flows = findings.found.flows.iter().map(|(currency, money_in, money_out)| CurrencyFlow {
        currency: currency.clone(),
        money_in: money_in.to_string(),
        money_out: money_out.to_string(),
    });
    Ok(TransactionsPage {
        total: as_u32(findings.found.len()),
        offset,
        transactions: transactions.collect(),
        flows: flows.collect(),
    })
}

fn search_of(request: TransactionsAsk) -> Search {
    Search {
        text: request.text,
        connection: request.connection,
        account: request.account,
        institution: request.institution,
        currency: request.currency,
        kind: request.kind,
        from: request.from,
        to: request.to,
    }
}

/// What accounts held over time; several of one currency together.
pub async fn balance_history(host: &Host, request: BalanceAsk) -> Result<BalanceHistory, Failure> {
    let core = host.connections()?;
    let mut histories = Vec::new();
    if request.accounts.len() > MOST_ACCOUNTS {
        return Ok(BalanceHistory::default());
    }
    for account in request.accounts {
        let history = core.balance_history(&account.key, &account.account).await?;
        histories.push((kind_of(&core, &account).await?, history));
    }
    if histories.len() == 1 {
        return Ok(histories.pop().map(|(_, history)| history).unwrap_or_default());
    }
    Ok(ledger::together(&histories))
}

async fn kind_of(
    core: &Connections,
    account: &crate::dto::AccountRef,
) -> Result<connections::view::AccountKind, CoreError> {
    let accounts = core.accounts(Some(&account.key)).await?;
    let found = accounts.iter().find(|one| one.account.id == account.account);
    Ok(found.map_or(connections::view::AccountKind::Other, |one| one.account.kind))
}

/// Writes accounts and transactions to a file that the person chooses; none when they choose none.
pub async fn export_save(host: &Host, request: ExportAsk) -> Result<Option<ExportSaved>, Failure> {
    let core = host.connections()?;
    let format = format_of(request.format);
    let search = Search {
        connection: request.connection,
        account: request.account,
        institution: request.institution,
        currency: request.currency,
        ..Search::default()
    };
    let statements = core.statements(&search).await?;
    let written = format.write(&Export::of(core.present(), (request.from, request.to), statements));
    let Some(path) = host.ports.files.save(&name_for(&core, format)).await else {
        return Ok(None);
    };
    host.ports.files.write(&path, written.text.as_bytes()).map_err(|error| not_written(&error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    host.remember_export(path);
    Ok(Some(ExportSaved {
        name,
        accounts: as_u32(written.accounts),
        transactions: as_u32(written.transactions),
        left_out: as_u32(written.left_out),
    }))
}

/// Shows the file that was written last where it lies. The interface cannot name another.
pub async fn export_show(host: &Host, _request: ()) -> Result<(), Failure> {
    if let Some(path) = host.last_export()
        && !host.ports.files.reveal(&path)
    {
        return Err(CoreError::new(ErrorCode::FileNotWritten).with("reason", "reveal").into());
    }
    Ok(())
}

fn name_for(core: &Connections, format: Format) -> String {
    let day = core.present().to_zoned(jiff::tz::TimeZone::system()).date();
    let what = if format == Format::CsvAccounts { "accounts" } else { "transactions" };
    format!("mooring-{what}-{day}.{}", format.extension())
}

/// The file system's own sentence names no path.
pub(crate) fn not_written(error: &io::Error) -> CoreError {
    let code = match error.kind() {
        io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::FileNotWritten,
    };
    CoreError::new(code).detail(error)
}

const fn format_of(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::CsvAccounts => Format::CsvAccounts,
        ExportFormat::Json => Format::Json,
        ExportFormat::Ofx => Format::Ofx,
        ExportFormat::OfxSgml => Format::OfxSgml,
    }
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn as_usize(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
