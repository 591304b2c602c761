// Dialling again, and what calls do meanwhile. The two real dialers are tested in a browser.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Connection, ConnectionState, Transport, TransportOptions } from '../../../renderer/app/transport.ts';

let createTransport: (options: TransportOptions) => Transport;

beforeAll(async () => {
  // The module makes the page's own connection when it is loaded: here, one that never gets its port.
  vi.stubGlobal('window', { fuelgaugeRequestPort: () => undefined, addEventListener: () => undefined });
  ({ createTransport } = await import('../../../renderer/app/transport.ts'));
});

interface Dialled {
  /** Settles the oldest dial that is waiting: `refused`, `nobody`, or the name of a new connection. */
  answer(outcome: string): void;
  /** Ends the newest connection. */
  close(): void;
  /** Lets the pause before the next dial pass; answers how long it was. */
  passPause(): number;
}

/** A stage on which the test plays the network and the clock. */
function stage(): TransportOptions & Dialled {
  const dials: ((outcome: Connection | 'refused' | Error) => void)[] = [];
  const pauses: { readonly milliseconds: number; readonly resolve: () => void }[] = [];
  let closeNewest = (): void => undefined;
  return {
    dial: () =>
      new Promise((resolve, reject) => {
        dials.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
      }),
    wait: (milliseconds) => new Promise((resolve) => pauses.push({ milliseconds, resolve })),
    answer(outcome) {
      const settle = dials.shift();
      if (settle === undefined) throw new Error('Nobody dials.');
      if (outcome === 'refused') return settle('refused');
      if (outcome === 'nobody') return settle(new Error('Nobody answers.'));
      const closed = new Promise<void>((resolve) => (closeNewest = resolve));
      settle({ closed, link: { call: (path: readonly string[]) => Promise.resolve(`${outcome}: ${path.join('.')}`) } });
    },
    close: () => closeNewest(),
    passPause() {
      const pause = pauses.pop();
      if (pause === undefined) throw new Error('Nobody waits.');
      pause.resolve();
      return pause.milliseconds;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the connection of the page', () => {
  it('tells each change of its state once', async () => {
    const network = stage();
    const transport = createTransport(network);
    const states: ConnectionState[] = [transport.state()];
    const stop = transport.onStateChange(() => states.push(transport.state()));
    network.answer('first');
    await settled();
    network.close();
    await settled();
    network.answer('nobody');
    await settled();
    network.passPause();
    await settled();
    network.answer('refused');
    await settled();
    network.passPause();
    await settled();
    network.answer('second');
    await settled();
    stop();
    network.close();
    await settled();
    expect(states).toEqual(['connecting', 'connected', 'lost', 'replaced', 'connected']);
    expect(transport.state()).toBe('lost');
  });

  it('pauses longer after each failure, up to four seconds, and starts over after a success', async () => {
    const network = stage();
    createTransport(network);
    const pauses: number[] = [];
    for (let failure = 0; failure < 8; failure += 1) {
      network.answer('nobody');
      await settled();
      pauses.push(network.passPause());
      await settled();
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 4000, 4000]);
    network.answer('first');
    await settled();
    network.close();
    await settled();
    network.answer('nobody');
    await settled();
    expect(network.passPause()).toBe(100);
  });

  it('calls through the newest connection', async () => {
    const network = stage();
    const { link } = createTransport(network);
    network.answer('first');
    await settled();
    expect(await link.call(['app', 'info'], undefined, { context: {} })).toBe('first: app.info');
    network.close();
    await settled();
    network.answer('second');
    await settled();
    expect(await link.call(['app', 'info'], undefined, { context: {} })).toBe('second: app.info');
  });

  it('holds a call until there is a connection', async () => {
    const network = stage();
    const { link } = createTransport(network);
    const answer = link.call(['app', 'info'], undefined, { context: {} });
    await settled();
    network.answer('first');
    expect(await answer).toBe('first: app.info');
  });

  it('fails a call that waited for too long, or whose caller gave up', async () => {
    const network = stage();
    const { link } = createTransport(network);
    const tooLong = link.call(['a'], undefined, { context: {} });
    await settled();
    expect(network.passPause()).toBe(10_000);
    await expect(tooLong).rejects.toThrow('There is no connection to the data.');

    const giveUp = new AbortController();
    const givenUp = link.call(['a'], undefined, { context: {}, signal: giveUp.signal });
    await settled();
    giveUp.abort(new Error('The person left the screen.'));
    await expect(givenUp).rejects.toThrow('The person left the screen.');
  });
});
