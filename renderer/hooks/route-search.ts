// What the addresses of some screens carry after `?`: a dialog that is open from the start.

export const subscriptionActions = ['order', 'plan', 'seats', 'allotment', 'cap', 'grant', 'reading', 'end'] as const;
export type SubscriptionAction = (typeof subscriptionActions)[number];

export interface SubscriptionSearch {
  readonly do?: SubscriptionAction;
  /** The pack that is to be ordered. */
  readonly pack?: string;
}

export function parseSubscriptionSearch(search: Readonly<Record<string, unknown>>): SubscriptionSearch {
  const action = subscriptionActions.find((known) => known === search['do']);
  const { pack } = search;
  if (action === undefined) return {};
  return { do: action, ...(action === 'order' && typeof pack === 'string' ? { pack } : {}) };
}

export interface MembersSearch {
  readonly do?: 'add';
}

export function parseMembersSearch(search: Readonly<Record<string, unknown>>): MembersSearch {
  return search['do'] === 'add' ? { do: 'add' } : {};
}

/** The sections of the settings, as an address names them. */
export const settingsSections = [
  'me',
  'server',
  'look',
  'alerts',
  'privacy',
  'workspace',
  'calendar',
  'computer',
  'desktop',
  'backups',
  'figures',
] as const;
export type SettingsSection = (typeof settingsSections)[number];

export interface SettingsSearch {
  /** The one that is shown first. */
  readonly section?: SettingsSection;
}

export function parseSettingsSearch(search: Readonly<Record<string, unknown>>): SettingsSearch {
  const section = settingsSections.find((known) => known === search['section']);
  return section === undefined ? {} : { section };
}

export interface ConnectSearch {
  /** An invite as it was opened: the whole link. */
  readonly invite?: string;
}

export function parseConnectSearch(search: Readonly<Record<string, unknown>>): ConnectSearch {
  const { invite } = search;
  return typeof invite === 'string' && invite !== '' && invite.length <= 2_000 ? { invite } : {};
}
