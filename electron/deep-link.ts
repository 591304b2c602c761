// `fuelgauge://` links: read by a whitelist into a place in the app. A link is never an address to load.
import { parseLedgerSearch, usagePlaceOf } from '../shared/analytics/view-link.ts';
import { parseInvite } from '../shared/protocol/invite.ts';

export const LINK_SCHEME = 'fuelgauge';

/** Screens of a workspace that a link may lead to, as the app's own addresses name them. */
export const LINKED_SCREENS = [
  'overview',
  'forecast',
  'log',
  'ledger',
  'subscription',
  'import',
  'members',
  'settings',
  'alerts',
  'what-if',
  'forecast',
  'credits-usage',
  'sync',
  'administration',
] as const;

export type LinkedScreen = (typeof LINKED_SCREENS)[number];

/** A place in the app: what stands after `#` in the address of its page. */
export type AppPlace =
  | '/'
  | '/welcome'
  | `/connect?${string}`
  | `/w/${string}/${LinkedScreen}`
  | `/w/${string}/ledger?${string}`
  | `/w/${string}/credits-usage${string}`;

const LINK_LENGTH_MAX = 2_000;
/** As this app makes them: UUIDs. */
const WORKSPACE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The place that a link names: `fuelgauge://welcome`, `fuelgauge://connect` with an invite,
 * `fuelgauge://w/<workspace>/<screen>` with the filters of the ledger after `?`, or
 * `fuelgauge://open/<workspace>/credits-usage` and its lists with what they show. Null for everything else; what a
 * filter says wrongly is left out.
 */
export function placeOfLink(link: string): AppPlace | null {
  if (link.length > LINK_LENGTH_MAX || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== `${LINK_SCHEME}:` || url.username !== '' || url.password !== '' || url.port !== '') return null;
  const start = url.hostname;
  if (start === 'connect') return placeOfInvite(link);
  const rest = url.pathname.split('/').slice(1);
  const parts = rest.at(-1) === '' ? rest.slice(0, -1) : rest;
  if (start === 'welcome' && parts.length === 0) return '/welcome';
  const [workspaceId = '', screenName = 'overview', ...beyond] = parts;
  if (start === 'open' && screenName === 'credits-usage') return placeOfUsage(workspaceId, beyond, url.searchParams);
  if (start !== 'w' || beyond.length > 0) return null;
  const screen = LINKED_SCREENS.find((known) => known === screenName);
  if (screen === undefined || !WORKSPACE_ID.test(workspaceId)) return null;
  if (screen !== 'ledger') return `/w/${workspaceId}/${screen}`;
  const search = parseLedgerSearch(Object.fromEntries(url.searchParams));
  const query = new URLSearchParams(Object.entries(search)).toString();
  return query === '' ? `/w/${workspaceId}/ledger` : `/w/${workspaceId}/ledger?${query}`;
}

/** The usage panel, one of its lists, or the page of a team. [A4] [A5] */
function placeOfUsage(workspaceId: string, parts: readonly string[], search: URLSearchParams): AppPlace | null {
  const place = usagePlaceOf(workspaceId, parts, Object.fromEntries(search));
  if (place === null) return null;
  const query = new URLSearchParams(Object.entries(place.search)).toString();
  const rest = `${place.page === '' ? '' : `/${place.page}`}${query === '' ? '' : `?${query}`}`;
  return `/w/${workspaceId}/credits-usage${rest}`;
}

/** An invite is only shown: nothing is sent before the person has looked at it. */
function placeOfInvite(link: string): AppPlace | null {
  return parseInvite(link).ok ? `/connect?${new URLSearchParams({ invite: link }).toString()}` : null;
}

/** The place named by the one link on a command line, as Windows and Linux hand it over; null without one. */
export function placeInCommandLine(commandLine: readonly string[]): AppPlace | null {
  const link = commandLine.find((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`));
  return link === undefined ? null : placeOfLink(link);
}

/** A screen of the workspace that the window shows, else of the first one there is; the start page without any. */
export function placeOfScreen(screen: LinkedScreen, shownUrl: string, workspaceIds: readonly string[]): AppPlace {
  const shown = /#\/w\/([A-Za-z0-9-]{1,64})(?:\/|$)/.exec(shownUrl)?.[1];
  const workspaceId = shown ?? workspaceIds[0];
  return workspaceId === undefined ? '/' : `/w/${workspaceId}/${screen}`;
}
