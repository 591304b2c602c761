import { err, ok, type Result } from '../kernel/result.ts';

/** What a person is given to join a device: where the server is, how it is known, and a code that works once. */
export interface Invite {
  /** `https://host:port`, or `http://` on this very computer. */
  readonly server: string;
  /** In letters and digits of base 32, without spaces. [Y13] */
  readonly code: string;
  /** SHA-256 of the server's certificate as 64 hexadecimal digits; null where a known authority signs it. */
  readonly fingerprint: string | null;
}

/** As a link that opens Fuelgauge. */
export function inviteLink({ server, code, fingerprint }: Invite): string {
  const parts = [`server=${encodeURIComponent(server)}`, `code=${encodeURIComponent(code)}`];
  if (fingerprint !== null) parts.push(`fingerprint=${fingerprint}`);
  return `fuelgauge://connect?${parts.join('&')}`;
}

export type InviteProblem = 'no-server' | 'no-code' | 'bad-fingerprint';

/** Reads a link, or an address and a code in any order with spaces or a line break between them. [Y13] */
export function parseInvite(text: string): Result<Invite, InviteProblem> {
  const words = text.trim().split(/\s+/);
  const link = words.find((word) => /^fuelgauge:/i.test(word));
  if (link !== undefined) return inviteIn(parametersOf(link));
  const server = words.find((word) => /^https?:\/\//i.test(word) || /^[\w.-]+:\d+$/.test(word));
  const rest = words.filter((word) => word !== server);
  return inviteIn(
    new Map([
      ['server', server ?? ''],
      ['code', rest.join('')],
    ]),
  );
}

function inviteIn(given: ReadonlyMap<string, string>): Result<Invite, InviteProblem> {
  const server = serverAddress(given.get('server') ?? '');
  if (server === null) return err('no-server');
  const code = (given.get('code') ?? '').toUpperCase().replaceAll(/[\s-]/g, '');
  if (!/^[0-9A-HJKMNP-TV-Z]{11,40}$/.test(code)) return err('no-code');
  const fingerprint = given.get('fingerprint')?.toLowerCase().replaceAll(':', '') ?? null;
  if (fingerprint !== null && !/^[0-9a-f]{64}$/.test(fingerprint)) return err('bad-fingerprint');
  return ok({ server, code, fingerprint });
}

/**
 * Scheme, host and port of an address, in one form; null where it is none. Without a scheme it is `https`. Whatever is
 * sent without encryption stays on this computer.
 */
export function serverAddress(text: string): string | null {
  const parts = /^(?:(https?):\/\/)?([a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d{1,5}))?\/?$/i.exec(text.trim());
  if (!parts) return null;
  const [, scheme = 'https', host = '', port] = parts;
  if (port !== undefined && Number(port) > 65_535) return null;
  if (scheme.toLowerCase() === 'http' && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(host)) return null;
  return `${scheme}://${host}${port === undefined ? '' : `:${Number(port)}`}`.toLowerCase();
}

function parametersOf(link: string): ReadonlyMap<string, string> {
  const query = link.slice(link.indexOf('?') + 1);
  return new Map(
    query.split('&').map((part): readonly [string, string] => {
      const [name = '', ...value] = part.split('=');
      return [name, decoded(value.join('='))];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '';
  }
}
