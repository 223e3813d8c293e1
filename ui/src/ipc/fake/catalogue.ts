/** Providers of the in-memory world: a handful, in the shapes that the real catalogue has. */
import type { ProviderView } from '../types.gen';

const redirectUri = 'http://127.0.0.1/callback';

function provider(view: Partial<ProviderView> & Pick<ProviderView, 'id' | 'name' | 'category'>): ProviderView {
  return {
    approach: 'approval',
    keyFields: [],
    countries: [],
    brandColor: null,
    documentation: null,
    registration: null,
    scopes: [],
    secret: 'required',
    redirectUri,
    parameters: [],
    surfaces: ['browser', 'embedded'],
    ...view,
  };
}

export const providers: ProviderView[] = [
  provider({
    id: 'xero',
    name: 'Xero',
    category: 'accounting',
    countries: ['AU', 'GB', 'NZ', 'US'],
    brandColor: '#13b5ea',
    registration: 'https://developer.xero.com/app/manage',
    documentation: 'https://developer.xero.com/documentation',
    surfaces: ['browser', 'embedded', 'device'],
    secret: 'optional',
    scopes: [
      { name: 'accounting.transactions.read', en: 'Invoices, bills and bank transactions', ptBr: 'Faturas, contas a pagar e lançamentos bancários' },
      { name: 'accounting.contacts.read', en: 'Customers and suppliers', ptBr: 'Clientes e fornecedores' },
      { name: 'accounting.reports.read', en: 'Reports such as the balance sheet', ptBr: 'Relatórios, como o balanço' },
      { name: 'offline_access', en: 'Stay connected without you present', ptBr: 'Continuar conectado sem a sua presença' },
    ],
  }),
  provider({
    id: 'quickbooks',
    name: 'QuickBooks Online',
    category: 'accounting',
    countries: ['US', 'CA', 'GB', 'BR'],
    brandColor: '#2ca01c',
    registration: 'https://developer.intuit.com/app/developer/dashboard',
    scopes: [
      { name: 'com.intuit.quickbooks.accounting', en: 'Company, invoices, bills and reports', ptBr: 'Empresa, faturas, contas e relatórios' },
      { name: 'openid', en: 'Who you are', ptBr: 'Quem é você' },
    ],
  }),
  provider({
    id: 'stripe',
    name: 'Stripe',
    category: 'payments',
    brandColor: '#635bff',
    registration: 'https://dashboard.stripe.com/settings/connect',
    surfaces: ['browser'],
    scopes: [{ name: 'read_only', en: 'Payments, payouts and balances', ptBr: 'Pagamentos, repasses e saldos' }],
  }),
  provider({
    id: 'shopify',
    name: 'Shopify',
    category: 'commerce',
    brandColor: '#95bf47',
    registration: 'https://partners.shopify.com',
    parameters: [
      { name: 'shop', en: 'Shop name', ptBr: 'Nome da loja', pattern: '[a-z0-9][a-z0-9-]*', example: 'blue-harbour' },
    ],
    scopes: [
      { name: 'read_orders', en: 'Orders', ptBr: 'Pedidos' },
      { name: 'read_products', en: 'Products', ptBr: 'Produtos' },
    ],
  }),
  provider({
    id: 'mercadopago',
    name: 'Mercado Pago',
    category: 'payments',
    countries: ['BR', 'AR', 'MX', 'CL'],
    brandColor: '#00b1ea',
    registration: 'https://www.mercadopago.com.br/developers',
    scopes: [{ name: 'read', en: 'Payments and balances', ptBr: 'Pagamentos e saldos' }],
  }),
  provider({
    id: 'monzo',
    name: 'Monzo',
    category: 'banking',
    countries: ['GB'],
    brandColor: '#ff4f40',
    registration: 'https://developers.monzo.com',
    scopes: [],
  }),
  provider({
    id: 'truelayer',
    name: 'TrueLayer',
    category: 'banking',
    countries: ['GB', 'IE', 'DE', 'FR', 'ES'],
    brandColor: '#1f1a4d',
    registration: 'https://console.truelayer.com',
    scopes: [
      { name: 'accounts', en: 'Account names and numbers', ptBr: 'Nomes e números das contas' },
      { name: 'balance', en: 'Balances', ptBr: 'Saldos' },
      { name: 'transactions', en: 'Transactions', ptBr: 'Lançamentos' },
      { name: 'offline_access', en: 'Stay connected without you present', ptBr: 'Continuar conectado sem a sua presença' },
    ],
  }),
  provider({
    id: 'gusto',
    name: 'Gusto',
    category: 'payroll',
    countries: ['US'],
    brandColor: '#f45d48',
    registration: 'https://dev.gusto.com',
    scopes: [{ name: 'payrolls:read', en: 'Payroll runs', ptBr: 'Folhas de pagamento' }],
  }),
  provider({
    id: 'github',
    name: 'GitHub',
    category: 'other',
    brandColor: '#24292f',
    registration: 'https://github.com/settings/developers',
    scopes: [{ name: 'read:user', en: 'Your profile', ptBr: 'Seu perfil' }],
  }),
];
