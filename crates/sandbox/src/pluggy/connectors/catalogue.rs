//! The list of institutions. All are made up.

use super::credentials::Form;
use super::{Access, Connector, Factor, Health};
use crate::pluggy::products::{BANK, BROKER, FULL, Product};

/// First id of the institutions that are only there to make the list long.
const FIRST_EXTRA: u32 = 10_000;
/// A year of consent, as most Open Finance institutions give.
const YEAR: Option<u16> = Some(365);

const PERSONAL: &str = "PERSONAL_BANK";
const BUSINESS: &str = "BUSINESS_BANK";
const INVESTMENT: &str = "INVESTMENT";
const PAYMENT: &str = "PAYMENT_ACCOUNT";

type Row = (u32, &'static str, &'static str, &'static str, Form);

/// Institutions that take credentials: id, name, type, color, form.
const DIRECT: &[Row] = &[
    (0, "Pluggy Bank", PERSONAL, "ef294b", Form::UserPassword),
    (1, "Pluggy Bank Business", BUSINESS, "1d3f72", Form::UserPassword),
    (2, "MFA one step", PERSONAL, "0b7a75", Form::UserPasswordCode),
    (3, "MFA two steps", PERSONAL, "7b2d8b", Form::UserPassword),
    (4, "Pluggy Bank QR", PERSONAL, "c8553d", Form::UserPassword),
    (5, "Pluggy Investments", INVESTMENT, "28536b", Form::CpfPassword),
    (201, "Banco Ipê Amarelo", PERSONAL, "d9a404", Form::BranchAccount),
    (202, "Banco Serra Azul", PERSONAL, "2a6f97", Form::BranchAccount),
    (203, "Banco Jacarandá", PERSONAL, "7251b5", Form::CpfPassword),
    (204, "Banco Maré Alta", PERSONAL, "0e8388", Form::CpfPassword),
    (205, "Caixa do Cerrado", PERSONAL, "a65e2e", Form::UserPassword),
    (206, "Conta Sabiá", PAYMENT, "e4572e", Form::CpfPassword),
    (207, "Carteira Vereda", PAYMENT, "29bf12", Form::UserPassword),
    (208, "Banco Litoral Empresas", BUSINESS, "16425b", Form::BranchAccount),
    (209, "Banco Ipê Amarelo Empresas", BUSINESS, "b08900", Form::BranchAccount),
    (210, "Cooperativa Terra Roxa", PERSONAL, "8c2f39", Form::BranchAccount),
    (211, "Corretora Horizonte", INVESTMENT, "3d5a80", Form::CpfPassword),
    (212, "Corretora Ponto Alto", INVESTMENT, "606c38", Form::CpfPassword),
    (213, "Investimentos Canoa", INVESTMENT, "bc6c25", Form::UserPassword),
    (214, "Vale Refeição Quitanda", "OTHER", "588157", Form::CpfPassword),
    (215, "Energia Rio Manso", "INVOICE", "ffb703", Form::CpfPassword),
    (216, "Telefonia Araponga", "TELECOMMUNICATION", "8338ec", Form::CpfPassword),
    (217, "Mercado Feira Livre", "DIGITAL_ECONOMY", "fb5607", Form::UserPassword),
    (218, "Banco Pau-Brasil", PERSONAL, "9b2226", Form::BrokenPattern),
    (219, "Banco Voz", PERSONAL, "005f73", Form::UnknownType),
    (220, "Banco Neblina", PERSONAL, "6c757d", Form::UserPassword),
    (221, "Banco Garoa", PERSONAL, "adb5bd", Form::UserPassword),
];

/// Institutions where the person scans a code with the institution's app.
const SCANNED: &[Row] = &[(10, "Pluggy Bank App QR", PERSONAL, "0a9396", Form::Cpf)];

/// Institutions where the person approves on the institution's own page.
const OWN_PAGE: &[Row] = &[
    (8, "Pluggy Bank OAuth", PERSONAL, "3a5a40", Form::Nothing),
    (9, "Mercado Vitória-Régia", "DIGITAL_ECONOMY", "ffcb05", Form::Nothing),
    (600, "Banco Farol Open Finance", PERSONAL, "1d3f72", Form::Cpf),
    (601, "Banco Ipê Amarelo Open Finance", PERSONAL, "d9a404", Form::Cpf),
    (602, "Banco Serra Azul Open Finance", PERSONAL, "2a6f97", Form::Cpf),
    (603, "Banco Jacarandá Open Finance", PERSONAL, "7251b5", Form::Cpf),
    (604, "Banco Maré Alta Open Finance", PERSONAL, "0e8388", Form::Cpf),
    (605, "Caixa do Cerrado Open Finance", PERSONAL, "a65e2e", Form::Cpf),
    (606, "Conta Sabiá Open Finance", PAYMENT, "e4572e", Form::Cpf),
    (607, "Cooperativa Terra Roxa Open Finance", PERSONAL, "8c2f39", Form::Cpf),
    (608, "Banco Litoral Empresas Open Finance", BUSINESS, "16425b", Form::Cnpj),
    (609, "Banco Pampa Open Finance", PERSONAL, "386641", Form::Cpf),
    (610, "Banco Sertão Open Finance", PERSONAL, "bc4749", Form::Cpf),
    (611, "Conta Tucano Open Finance", PAYMENT, "f3722c", Form::Cpf),
];

/// The connector that is down from the start.
pub(in crate::pluggy) const OFFLINE: u32 = 220;
/// The connector that is shaky from the start.
pub(in crate::pluggy) const UNSTABLE: u32 = 221;
/// The Open Finance connector whose consents never end.
const ENDLESS: u32 = 606;

/// All institutions, by id; at least `count` of them.
pub(in crate::pluggy) fn list(count: usize) -> Vec<Connector> {
    let direct = DIRECT.iter().map(|row| connector(*row, Access::Credentials(factor(row.0))));
    let own_page = OWN_PAGE
        .iter()
        .map(|row| connector(*row, if row.0 < 600 { Access::OwnPage } else { Access::OpenFinance }));
    let scanned = SCANNED.iter().map(|row| connector(*row, Access::Scan));
    let mut list: Vec<_> = direct.chain(own_page).chain(scanned).collect();
    list.sort_by_key(|connector| connector.id);
    let missing = u32::try_from(count.saturating_sub(list.len())).unwrap_or(u32::MAX);
    list.extend((0..missing).map(extra));
    list
}

fn connector((id, name, kind, color, form): Row, access: Access) -> Connector {
    let consent_days = match access {
        Access::OwnPage => Some(180),
        Access::OpenFinance if id != ENDLESS => YEAR,
        _ => None,
    };
    Connector {
        id,
        name: format!("{name} (Sandbox)"),
        kind,
        color,
        form,
        access,
        products: products(kind),
        health: health(id),
        consent_days,
    }
}

const fn factor(id: u32) -> Factor {
    match id {
        2 => Factor::AtLogin,
        3 => Factor::Asked,
        4 => Factor::Picture,
        _ => Factor::None,
    }
}

const fn health(id: u32) -> Health {
    match id {
        OFFLINE => Health::Offline,
        UNSTABLE => Health::Unstable,
        _ => Health::Online,
    }
}

fn products(kind: &str) -> &'static [Product] {
    match kind {
        INVESTMENT => BROKER,
        PERSONAL | BUSINESS => FULL,
        _ => BANK,
    }
}

fn extra(number: u32) -> Connector {
    let id = FIRST_EXTRA.saturating_add(number);
    Connector {
        name: format!("Cooperativa Número {} (Sandbox)", number.saturating_add(1)),
        ..connector((id, "", PERSONAL, "52796f", Form::BranchAccount), Access::Credentials(Factor::None))
    }
}

#[cfg(test)]
mod tests {
    use super::list;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_is_marked_and_every_id_is_one_of_a_kind() {
        let all = list(0);
        assert!(all.len() >= 40, "{}", all.len());
        assert!(all.iter().all(|one| one.name.ends_with(" (Sandbox)")));
        assert!(all.iter().all(|one| one.color.len() == 6));
        let ids: BTreeSet<_> = all.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), all.len());
    }

    #[test]
    fn the_list_can_be_long() {
        let long = list(10_000);
        assert_eq!(long.len(), 10_000);
        let ids: BTreeSet<_> = long.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
