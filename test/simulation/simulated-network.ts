import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { NetworkFailure } from '../../shared/sync-engine/device-store.ts';
import { throughWire, type Call, type SimulatedServer } from './simulated-server.ts';
import type { World } from './world.ts';

/** What lies between devices and the processes of the server: it loses, doubles, delays and cuts as the world likes. */
export class SimulatedNetwork {
  readonly #world: World;
  readonly #servers: readonly SimulatedServer[];
  readonly #offlineUntilMs = new Map<string, number>();

  constructor(world: World, servers: readonly SimulatedServer[]) {
    this.#world = world;
    this.#servers = servers;
  }

  partition(deviceId: string, ms: number): void {
    this.#world.fault('partition');
    this.#offlineUntilMs.set(deviceId, this.#world.nowMs + ms);
  }

  heal(): void {
    this.#offlineUntilMs.clear();
  }

  isOffline(deviceId: string): boolean {
    return this.#world.nowMs < (this.#offlineUntilMs.get(deviceId) ?? 0);
  }

  /** One of the processes that are up, as a load balancer would choose. */
  serverFor(deviceId: string): SimulatedServer | undefined {
    if (this.isOffline(deviceId)) return undefined;
    const up = this.#servers.filter(({ isUp }) => isUp);
    return up[this.#world.below(Math.max(up.length, 1))];
  }

  /** A request goes out, perhaps twice, perhaps late; an answer comes back, or not in time, or no longer whole. */
  send(call: Call): Promise<Result<unknown, NetworkFailure>> {
    const world = this.#world;
    const { deviceId } = call;
    const text = JSON.stringify(call.body);
    return new Promise((resolve) => {
      const deliver = async (): Promise<void> => {
        const server = this.serverFor(deviceId);
        if (!server) return;
        const answer = await server.answer({ ...call, body: JSON.parse(text) });
        world.note(`${deviceId} ${call.workspaceId} ${call.path}`);
        if (world.strikes('answer-lost', 0.06) || this.isOffline(deviceId)) return;
        const isCut = world.strikes('cut', 0.02);
        world.later(world.below(200), () => resolve(isCut ? err({ kind: 'not-json' }) : received(answer)));
      };
      world.later(20_000, () => resolve(err({ kind: 'unreachable' })));
      if (this.isOffline(deviceId) || world.strikes('dropped', 0.05)) return;
      const late = world.strikes('reordered', 0.05) ? 60_000 : 300;
      world.later(world.below(late), () => void deliver());
      if (world.strikes('doubled', 0.05)) world.later(world.below(90_000), () => void deliver());
    });
  }
}

function received(answer: Awaited<ReturnType<SimulatedServer['answer']>>): Result<unknown, NetworkFailure> {
  return answer.ok ? ok(throughWire(answer.value)) : err({ kind: 'problem', document: throughWire(answer.error) });
}
