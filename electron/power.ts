// What the computer does that is worth trying again for: it woke up, its person is back, it found a network.
import type { Net, PowerMonitor } from 'electron';
import type { WakeReason } from '../replica/wake.ts';

export interface PowerOptions {
  readonly powerMonitor: Pick<PowerMonitor, 'on'>;
  readonly net: Pick<Net, 'isOnline'>;
  /** Calls `work` every so many milliseconds. */
  readonly every: (everyMs: number, work: () => void) => void;
  readonly onWake: (reason: WakeReason) => void;
}

/** Electron tells of sleep and locks, but of the network only when it is asked. */
const ONLINE_EVERY_MS = 15_000;

/** Tells from now on. To be called once the app is ready. */
export function followPower({ powerMonitor, net, every, onWake }: PowerOptions): void {
  powerMonitor.on('resume', () => onWake('resume'));
  powerMonitor.on('unlock-screen', () => onWake('unlock'));
  let wasOnline = net.isOnline();
  every(ONLINE_EVERY_MS, () => {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) onWake('online');
    wasOnline = isOnline;
  });
}
