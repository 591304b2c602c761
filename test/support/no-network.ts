// Loaded with `--import` into a process that must not use the network: every way out but loopback fails, and is told on
// standard error, so that a test can see that none was tried.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const local: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

function refuse(what: string): never {
  console.error(`NETWORK USED: ${what}`);
  throw new Error(`There is no network: ${what}`);
}

function refuseUnlessLocal(host: string): void {
  if (!local.has(host)) refuse(host);
}

/** The host of what was given to `connect`; a path is a socket of this computer, and none means this computer. */
function hostOf(given: readonly unknown[]): string {
  const first = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return '127.0.0.1';
    return 'host' in first && typeof first.host === 'string' ? first.host : '127.0.0.1';
  }
  return typeof given[1] === 'string' ? given[1] : '127.0.0.1';
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectLocally(this: net.Socket, ...given: never[]) {
  refuseUnlessLocal(hostOf(given));
  return Reflect.apply(connect, this, given);
};

for (const name of ['send', 'connect'] as const) {
  const original: unknown = Reflect.get(dgram.Socket.prototype, name);
  Reflect.set(dgram.Socket.prototype, name, function sendLocally(this: dgram.Socket, ...given: unknown[]) {
    // The message may be a text too, and comes first.
    const address = given.slice(1).find((value) => typeof value === 'string');
    if (typeof address === 'string') refuseUnlessLocal(address);
    return typeof original === 'function' ? Reflect.apply(original, this, given) : undefined;
  });
}

for (const names of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of [
    'lookup',
    'lookupService',
    'resolve',
    'resolve4',
    'resolve6',
    'resolveAny',
    'resolveSrv',
    'resolveTxt',
  ]) {
    const original: unknown = Reflect.get(names, name);
    if (typeof original !== 'function') continue;
    Reflect.set(names, name, function lookLocally(this: unknown, ...given: unknown[]) {
      refuseUnlessLocal(String(given[0]));
      return Reflect.apply(original, this, given);
    });
  }
}

// Named imports of these modules see what was put in their place.
syncBuiltinESMExports();
