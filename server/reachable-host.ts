// What others call this computer.
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * A host that devices can dial, for a host that the server listens at: where it listens at all addresses, the first one
 * of this computer that is not its own loop.
 */
export function reachableHost(host: string): string {
  const isWildcard = host === '0.0.0.0' || host === '::';
  const external = Object.values(networkInterfaces())
    .flatMap((each = []) => each)
    .find(({ internal, family }) => !internal && family === 'IPv4');
  const reachable = isWildcard ? (external?.address ?? '127.0.0.1') : host;
  return isIPv6(reachable) ? `[${reachable}]` : reachable;
}
