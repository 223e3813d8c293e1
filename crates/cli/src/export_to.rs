//! `mooring export`: accounts and transactions for other programs.

use crate::arguments::ExportOptions;
use crate::ask;
use crate::exit::{self, Failure};
use crate::show;
use broker::wire::{ExportAsk, Exported, Operation, Progress, Reply};
use connections::ConnectionKey;
use export::Format;
use std::io::Write as _;
use std::path::Path;

/// Asks for the file and writes it where it was asked to.
pub(crate) async fn run(options: ExportOptions, json: bool) -> Result<(), Failure> {
    let asked = ExportAsk {
        format: format(&options, json),
        connection: options.connection.as_deref().map(key).transpose()?,
        account: options.account,
        from: options.from,
        to: options.to,
    };
    let mut text = String::new();
    let reply = ask::following(Operation::Export(asked), |progress| match progress {
        Progress::Part(part) => text.push_str(&part),
        Progress::Asking => ask::tell_asking(),
        _ => {}
    });
    let Reply::Exported(exported) = reply.await? else { return Err(ask::unexpected()) };
    match &options.output {
        Some(file) => write(file, &text, exported)?,
        None => print(&text)?,
    }
    if exported.left_out > 0 {
        show::trouble(&format!(
            "{} transactions are pending or lack a date or an amount; OFX has no place for them",
            exported.left_out
        ));
    }
    Ok(())
}

const fn format(options: &ExportOptions, json: bool) -> Format {
    match (options.ofx, options.sgml, options.balances, json) {
        (true, true, ..) => Format::OfxSgml,
        (true, false, ..) => Format::Ofx,
        (false, _, _, true) => Format::Json,
        (false, _, true, false) => Format::CsvAccounts,
        (false, _, false, false) => Format::Csv,
    }
}

fn key(text: &str) -> Result<ConnectionKey, Failure> {
    text.parse().map_err(|error| Failure::new(exit::DATA, format!("`{text}`: {error}")))
}

fn write(file: &Path, text: &str, exported: Exported) -> Result<(), Failure> {
    platform::private_file::write(file, text.as_bytes())
        .map_err(|error| Failure::new(exit::IO, format!("{}: {error}", file.display())))?;
    show::trouble(&format!(
        "{} accounts and {} transactions are in {}",
        exported.accounts,
        exported.transactions,
        file.display()
    ));
    Ok(())
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::new(exit::IO, format!("standard output: {error}")))
}
