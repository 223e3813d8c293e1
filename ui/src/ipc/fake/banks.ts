/** Institutions, forms, links, accounts and their lines of the in-memory world: invented, in the shapes of real ones. */
import type {
  AccountView,
  ConnectionKey,
  FieldView,
  InstitutionView,
  LinkProduct,
  LinkProductState,
  LinkView,
  TransactionView,
} from '../types.gen';

const DAY = 86_400_000;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();
const date = (days: number) => at(days * DAY).slice(0, 10);

const EVERYTHING = ['ACCOUNTS', 'CREDIT_CARDS', 'TRANSACTIONS', 'IDENTITY', 'INVESTMENTS', 'LOANS'];
const BASICS = ['ACCOUNTS', 'CREDIT_CARDS', 'TRANSACTIONS', 'IDENTITY'];

export function institution(view: Partial<InstitutionView> & Pick<InstitutionView, 'id' | 'name'>): InstitutionView {
  return {
    brandColor: null,
    kind: 'PERSONAL_BANK',
    country: 'BR',
    products: BASICS,
    health: 'online',
    healthMessage: null,
    beta: false,
    approvesThere: false,
    openFinance: false,
    asksMore: false,
    sandbox: false,
    ...view,
  };
}

const open = { approvesThere: true, openFinance: true, products: EVERYTHING };

export const institutions: InstitutionView[] = [
  institution({ id: 601, name: 'Itaú', brandColor: '#ec7000', ...open }),
  institution({ id: 612, name: 'Nubank', brandColor: '#820ad1', ...open }),
  institution({ id: 603, name: 'Bradesco', brandColor: '#cc092f', ...open }),
  institution({ id: 608, name: 'Santander', brandColor: '#ec0000', ...open, health: 'unstable', healthMessage: 'Instabilidade no login desde as 9h' }),
  institution({ id: 619, name: 'Caixa Econômica Federal', brandColor: '#005ca9', ...open, health: 'offline', healthMessage: 'Em manutenção programada até domingo' }),
  institution({ id: 611, name: 'Banco do Brasil', brandColor: '#f9dd16', ...open }),
  institution({ id: 215, name: 'Inter', brandColor: '#ff7a00', asksMore: true }),
  institution({ id: 226, name: 'C6 Bank', brandColor: '#242424', asksMore: true }),
  institution({ id: 260, name: 'Itaú Empresas', brandColor: '#ec7000', kind: 'BUSINESS_BANK', asksMore: true, beta: true }),
  institution({ id: 201, name: 'XP Investimentos', brandColor: '#1a1a1a', kind: 'INVESTMENT', products: ['INVESTMENTS', 'INVESTMENTS_TRANSACTIONS', 'IDENTITY'] }),
  institution({ id: 205, name: 'Mercado Pago', brandColor: '#00b1ea', kind: 'PAYMENT_ACCOUNT', products: ['ACCOUNTS', 'TRANSACTIONS'] }),
  institution({ id: 209, name: 'Prefeitura de São Paulo', kind: 'INVOICE', products: ['INVOICES_ISSUED'] }),
];

export const practiceBanks: InstitutionView[] = [
  institution({ id: 0, name: 'Pluggy Bank', brandColor: '#ef294b', sandbox: true }),
  institution({ id: 8, name: 'Pluggy Bank MFA', brandColor: '#ef294b', sandbox: true, asksMore: true }),
  institution({ id: 600, name: 'Pluggy Open Finance', brandColor: '#ef294b', sandbox: true, ...open }),
  institution({ id: 2, name: 'Pluggy Business', brandColor: '#ef294b', sandbox: true, kind: 'BUSINESS_BANK', health: 'unstable' }),
];

const SYLLABLES = ['Aurora', 'Vale', 'Serra', 'Norte', 'Capital', 'Praia', 'Pinhais', 'Ipê', 'Rio', 'Central'];

/** Ten thousand of them, to see whether the list bears it. */
export function tenThousand(): InstitutionView[] {
  return Array.from({ length: 10_000 }, (_, index) =>
    institution({
      id: 10_000 + index,
      name: `Cooperativa ${SYLLABLES[index % 10]} ${SYLLABLES[Math.floor(index / 10) % 10]} ${index + 1}`,
      brandColor: ['#1d4e89', '#b8336a', '#00916e', '#5a3e9b'][index % 4] ?? null,
      kind: index % 3 === 0 ? 'BUSINESS_BANK' : 'PERSONAL_BANK',
    }),
  );
}

export function field(view: Partial<FieldView> & Pick<FieldView, 'name' | 'label'>): FieldView {
  return { input: { kind: 'text' }, optional: false, secondFactor: false, placeholder: null, help: null, mismatch: null, ...view };
}

const cpf = field({ name: 'cpf', label: 'CPF', input: { kind: 'digits' }, placeholder: '00000000000', help: 'Só os números', mismatch: 'O CPF deve ter 11 números.' });
const password = field({ name: 'password', label: 'Senha', input: { kind: 'hidden' } });

/** The form of an institution. */
export function formOf(one: InstitutionView): FieldView[] {
  if (one.openFinance) return [cpf];
  if (one.sandbox) return [field({ name: 'user', label: 'Usuário', placeholder: 'user-ok' }), password];
  if (one.kind === 'BUSINESS_BANK') {
    const choices = [{ value: 'cc', label: 'Conta corrente' }, { value: 'cp', label: 'Conta poupança' }];
    return [
      field({ name: 'agency', label: 'Agência', input: { kind: 'digits' }, placeholder: '0001' }),
      field({ name: 'account', label: 'Conta com dígito', input: { kind: 'digits' } }),
      field({ name: 'type', label: 'Tipo de conta', input: { kind: 'choice', choices } }),
      password,
      field({ name: 'token', label: 'Código do aplicativo', input: { kind: 'digits' }, secondFactor: true, optional: true }),
    ];
  }
  return [cpf, password];
}

export function product(name: string, state: LinkProductState, warning: string | null = null): LinkProduct {
  return { product: name, state, warning, lastUpdatedAt: state === 'done' ? at(-3 * 3_600_000) : null };
}

export function allAt(state: LinkProductState): LinkProduct[] {
  return BASICS.map((name) => product(name, state));
}

export function link(key: ConnectionKey, view: Partial<LinkView> & Pick<LinkView, 'institution' | 'institutionId'>): LinkView {
  return {
    ...key,
    itemId: 'c8f3b1a2-5d0e-4a77-9f51-0b6d2c9e4a18',
    clientUserId: 'ana@ribeiro.example',
    phase: 'working',
    linkedBefore: false,
    products: allAt('waiting'),
    question: null,
    action: null,
    problem: null,
    error: null,
    lastUpdatedAt: null,
    nextSyncAt: null,
    consents: [],
    waitsUntil: null,
    transactionsRefused: false,
    consentExpiresAt: null,
    limited: false,
    ...view,
  };
}

/** A small square pattern, standing for a code to scan. */
export const PICTURE = `data:image/gif;base64,${'R0lGODdhCgAKAIAAAAAAAP///ywAAAAACgAKAAACFoRvgcvtD6OctNqLs968+w+G4kiWZgEAOw=='}`;

export const question = {
  field: field({ name: 'token', label: 'Código de 6 números', input: { kind: 'digits' }, secondFactor: true, placeholder: '000000' }),
  instructions: 'Digite o código que enviamos por SMS para o celular com final 77.',
  expiresAt: at(4 * 60_000),
};

export const action = {
  instructions: 'Abra o aplicativo do banco e confirme o compartilhamento dos seus dados.',
  picture: null,
  host: 'auth.bradesco.com.br',
  surfaces: ['embedded' as const, 'browser' as const],
  surface: null,
  attempt: null,
  expiresAt: at(2 * DAY),
};

export function account(key: ConnectionKey, view: Partial<AccountView> & Pick<AccountView, 'id' | 'name'>): AccountView {
  return {
    ...key,
    connectionName: key.connectionId,
    institution: view.connectionName ?? key.connectionId,
    kind: 'checking',
    lastDigits: '4321',
    owner: 'Ana Ribeiro',
    balance: '0',
    currency: 'BRL',
    credit: null,
    overdraftLimit: null,
    fetchedAt: at(-3 * 3_600_000),
    ...view,
  };
}

/** Three accounts of one login: daily, saving, card. */
export function accountsFor(key: ConnectionKey, name: string, factor = 1): AccountView[] {
  const cents = (amount: number) => (amount * factor).toFixed(2);
  return [
    account(key, { id: `${key.connectionId}-1`, connectionName: name, name: 'Conta corrente', balance: cents(8412.37), overdraftLimit: '5000.00' }),
    account(key, { id: `${key.connectionId}-2`, connectionName: name, name: 'Poupança', kind: 'savings', lastDigits: '4329', balance: cents(31_250) }),
    account(key, {
      id: `${key.connectionId}-3`,
      connectionName: name,
      name: 'Cartão Platinum',
      kind: 'creditCard',
      lastDigits: '8804',
      balance: cents(2310.9),
      credit: { limit: '15000.00', available: '12689.10', minimumPayment: '346.64', closesOn: date(6), dueOn: date(13), brand: 'Mastercard' },
    }),
  ];
}

const SHOPS: [string, string][] = [
  ['Supermercado Zona Sul', '-312.48'],
  ['Pix recebido Ribeiro Studio Ltda', '4200.00'],
  ['Uber *Viagem', '-23.90'],
  ['Farmácia Pacheco', '-87.15'],
  ['Enel Distribuição', '-214.07'],
  ['Padaria Nova Aliança', '-18.50'],
  ['Netflix.com', '-44.90'],
  ['Estorno Amazon BR', '129.99'],
  ['Tarifa', '0.00'],
];

export function linesOf(account: AccountView): TransactionView[] {
  if (account.kind === 'savings') return [];
  return Array.from({ length: 40 }, (_, index) => {
    const [description, amount] = SHOPS[index % SHOPS.length] ?? ['', '0'];
    return { id: `${account.id}-${index}`, date: date(-index), description, amount, currency: 'BRL', category: null, pending: index < 2 };
  });
}
