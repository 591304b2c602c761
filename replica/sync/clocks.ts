import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { ClockReading } from '../../shared/entitlement/lease.ts';
import type { Clock } from '../../shared/kernel/instant.ts';

/**
 * The clocks of this computer: the wall's as it is given, and how long the computer has been up, which nobody sets. Where
 * the system does not name its starts, a time that is shorter than before tells one. [B4]
 */
export function computerClocks(clock: Clock): () => ClockReading {
  const bootId = bootIdOf();
  return () => ({ wall: clock(), bootId, monotonicMs: Math.floor(uptime() * 1000) });
}

function bootIdOf(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'since the start';
  }
}
