// Figures of the running process, in the form that Prometheus reads.
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../database/database.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly requested: (given: {
    readonly method: string;
    /** The route's own, without ids: few and known. */
    readonly path: string;
    readonly status: number;
    readonly seconds: number;
  }) => void;
}

export interface Measured {
  readonly database: Pick<Database, 'usage'>;
  /** How many streams are open. */
  readonly streams: () => number;
}

export function openMetrics({ database, streams }: Measured): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'fuelgauge_request_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  });
  const connections = new Gauge({
    name: 'fuelgauge_database_connections',
    help: 'Connections to the database: open, idle; and requests that wait for one.',
    labelNames: ['state'],
    registers,
    collect: () => {
      const { total, idle, waiting } = database.usage();
      connections.set({ state: 'open' }, total);
      connections.set({ state: 'idle' }, idle);
      connections.set({ state: 'waiting' }, waiting);
    },
  });
  const open: Gauge = new Gauge({
    name: 'fuelgauge_streams',
    help: 'Devices that listen to this process.',
    registers,
    collect: () => {
      open.set(streams());
    },
  });
  return {
    registry,
    requested: ({ method, path, status, seconds }) =>
      requests.observe({ method, route: path, status: String(status) }, seconds),
  };
}
