// The guard that end-to-end tests trust: each way to another computer is refused and told, this computer is not.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const guard = fileURLToPath(new URL('../support/no-network.ts', import.meta.url));

function run(script: string): Promise<string> {
  return new Promise((resolve) => {
    const parameters = ['--import', guard, '--input-type=module', '--eval', script];
    execFile(process.execPath, parameters, (_failure, out, error) => resolve(out + error));
  });
}

describe('a process without a network', () => {
  it.each([
    ['fetch', `await fetch('https://fuelgauge.example/').catch(() => undefined)`, 'fuelgauge.example'],
    ['a socket', `import net from 'node:net'; net.connect(443, '192.0.2.1')`, '192.0.2.1'],
    ['a named import', `import { connect } from 'node:net'; connect({ port: 443, host: '192.0.2.2' })`, '192.0.2.2'],
    ['TLS', `import tls from 'node:tls'; tls.connect({ port: 443, host: '192.0.2.3' })`, '192.0.2.3'],
    ['HTTP', `import http from 'node:http'; http.get('http://192.0.2.4/')`, '192.0.2.4'],
    ['a web socket', `new WebSocket('wss://192.0.2.5/').onerror = () => undefined`, '192.0.2.5'],
    ['a name', `import { lookup } from 'node:dns'; lookup('a.example', () => undefined)`, 'a.example'],
    ['a name, promised', `import { resolve4 } from 'node:dns/promises'; await resolve4('b.example')`, 'b.example'],
    [
      'a datagram',
      `import dgram from 'node:dgram'; dgram.createSocket('udp4').send('x', 53, '192.0.2.6')`,
      '192.0.2.6',
    ],
  ])('refuses and tells %s', async (_way, script, host) => {
    expect(await run(script)).toContain(`NETWORK USED: ${host}`);
  });

  it('lets a process talk to this computer', async () => {
    const said = await run(`
      import { createServer } from 'node:http';
      const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1', async () => {
        const { port } = server.address();
        console.log(await (await fetch(\`http://127.0.0.1:\${port}/\`)).text());
        process.exit();
      });`);
    expect(said).toBe('here\n');
  });
});
