// Where a webhook may lead. What a person sets must not make the server call into the network that it stands in.
import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

export type AddressProblem = 'no-address' | 'not-https' | 'with-password' | 'private';

/** An address as it is called: HTTPS, without a name and password in it, and not one of a private network. */
export function webhookAddress(
  text: string,
  given: { readonly privateAddresses: boolean },
): Result<string, AddressProblem> {
  const url = URL.parse(text);
  if (!url || url.hostname === '') return err('no-address');
  if (url.protocol !== 'https:') return err('not-https');
  if (url.username !== '' || url.password !== '') return err('with-password');
  url.hash = '';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!given.privateAddresses && isIP(host) !== 0 && isPrivate(host)) return err('private');
  if (!given.privateAddresses && /(?:^|\.)localhost\.?$/i.test(host)) return err('private');
  return ok(url.href);
}

export const privateAddressCode = 'EPRIVATE';

/**
 * Resolves a name when the connection is made, and to nothing where any of its addresses is private: a name that says
 * something else each time it is asked gains nothing.
 */
export const lookupPublic: LookupFunction = (hostname, options, answer) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return answer(error, '');
    const [first] = found;
    if (!first || found.some(({ address }: LookupAddress) => isPrivate(address))) {
      return answer(Object.assign(new Error('The address is private'), { code: privateAddressCode }), '');
    }
    return options.all === true ? answer(null, [...found]) : answer(null, first.address, first.family);
  });
};

/** Whether an address is not one of the public Internet. */
export function isPrivate(address: string): boolean {
  return isIP(address) === 6 ? notPublic6.check(address, 'ipv6') : notPublic4.check(address, 'ipv4');
}

// Each in a list of its own: an address of the fourth version is one of the sixth as well.
const notPublic4 = new BlockList();
const notPublic6 = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  notPublic4.addSubnet(network, bits, 'ipv4');
}
// Public is 2000::/3 only, and of it neither what is set aside for documents nor what leads to addresses of the fourth version.
for (const [network, bits] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  notPublic6.addSubnet(network, bits, 'ipv6');
}
