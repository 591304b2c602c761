// Entry of the server's process.
import { readConfig } from './config.ts';
import { startServer } from './start-server.ts';

const config = readConfig(process.argv.slice(2), process.env);
if (!config.ok) {
  for (const line of ['The server was not started. These settings are wrong:', ...config.error.lines])
    console.error(line);
  process.exit(1);
}

const started = await startServer(config.value);
if (!started.ok) {
  console.error(started.error.message);
  process.exit(1);
}
const { stop, address } = started.value;
console.log(`Fuelgauge serves at ${address}. Press Ctrl+C to stop.`);

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const quit = (): void => {
  // A second signal, from somebody in a hurry, finds no listener any more and ends the process at once.
  for (const signal of signals) process.off(signal, quit);
  void stop().then(() => process.exit(0));
};
for (const signal of signals) process.on(signal, quit);
