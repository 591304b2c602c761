// Loaded with `--import` into a process that must not use the network: every way out but loopback fails, and is told on
// standard error, so that a test can see that none was tried.
import dns from 'node:dns';
import net from 'node:net';

const connect = net.Socket.prototype.connect;

function hostOf(given: readonly unknown[]): string {
  const first = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return '127.0.0.1';
    return 'host' in first && typeof first.host === 'string' ? first.host : '127.0.0.1';
  }
  return typeof given[1] === 'string' ? given[1] : '127.0.0.1';
}

function refuse(what: string): never {
  console.error(`NETWORK USED: ${what}`);
  throw new Error(`There is no network: ${what}`);
}

net.Socket.prototype.connect = function connectLocally(this: net.Socket, ...given: never[]) {
  const host = hostOf(given);
  if (!['127.0.0.1', 'localhost', '::1'].includes(host)) refuse(host);
  return Reflect.apply(connect, this, given);
};

for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const) {
  const original = dns[name];
  Reflect.set(dns, name, (host: string, ...rest: never[]) => {
    if (host !== 'localhost' && host !== '127.0.0.1') refuse(host);
    return Reflect.apply(original, dns, [host, ...rest]);
  });
}
