// L2: the real replica-process.ts with a real replica, on a stand-in of the port to the main process.
import { EventEmitter, once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { lockDataDirectory } from '../../replica/database/lock.ts';
import type { Contract } from '../../shared/bridge/contract.ts';
import { mainPort } from '../support/main-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Parent extends EventEmitter {
  readonly told: unknown[];
}

/** Runs replica-process.ts as utilityProcess.fork would, in this process; it is stopped when the test ends. */
async function startProcess(dataDirectory: string, ...more: readonly string[]): Promise<Parent> {
  const told: unknown[] = [];
  const parent = Object.assign(new EventEmitter(), {
    told,
    postMessage: (message: unknown) => void told.push(message),
  });
  const commandLine = process.argv;
  process.argv = ['electron', 'replica-process.js', dataDirectory, ...more];
  Object.defineProperty(process, 'parentPort', { value: parent, configurable: true });
  vi.resetModules();
  await import('../../electron/replica-process.ts');
  process.argv = commandLine;
  onTestFinished(() => stop(parent));
  return parent;
}

/** Asks for the end and waits until the process would have ended. */
async function stop(parent: Parent): Promise<void> {
  if (parent.listenerCount('message') === 0) return;
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  parent.emit('message', { data: { kind: 'stop' }, ports: [] });
  await expect.poll(() => exit.mock.calls).toEqual([[0]]);
  exit.mockRestore();
  parent.removeAllListeners();
}

describe('the replica’s process', () => {
  it('serves the contract on every port that it is handed', async () => {
    const parent = await startProcess(await temporaryFolder());
    expect(parent.told).toEqual([{ kind: 'ready' }]);
    for (let page = 0; page < 2; page += 1) {
      const { port1, port2 } = new MessageChannel();
      onTestFinished(() => port1.close());
      parent.emit('message', { data: { kind: 'connect' }, ports: [mainPort(port2)] });
      const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port1 }));
      port1.start();
      expect(await client.workspaces.list()).toEqual([]);
      expect((await client.app.info()).shell).toBe('electron');
    }
  });

  it('asks for the window when another process wants to see it', async () => {
    const dataDirectory = await temporaryFolder();
    const parent = await startProcess(dataDirectory);
    const owner = await connectOwner(dataDirectory);
    expect(await owner?.show()).toEqual({ shown: 'window' });
    owner?.close();
    expect(parent.told).toEqual([{ kind: 'ready' }, { kind: 'show' }]);
  });

  it('keeps eight ports: a page that asks for more and more loses the ones that it asked for first', async () => {
    const parent = await startProcess(await temporaryFolder());
    const closed: number[] = [];
    const clients = Array.from({ length: 20 }, (_, index) => {
      const { port1, port2 } = new MessageChannel();
      onTestFinished(() => port1.close());
      port1.on('close', () => closed.push(index));
      parent.emit('message', { data: { kind: 'connect' }, ports: [mainPort(port2)] });
      const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port1 }));
      port1.start();
      return client;
    });
    expect(await clients.at(-1)?.workspaces.list()).toEqual([]);
    await expect
      .poll(() => closed.toSorted((left, right) => left - right))
      .toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(await clients[12]?.workspaces.list()).toEqual([]);
  });

  it('closes its data when it is asked to end', async () => {
    const dataDirectory = await temporaryFolder();
    const parent = await startProcess(dataDirectory);
    const { port1, port2 } = new MessageChannel();
    parent.emit('message', { data: { kind: 'connect' }, ports: [mainPort(port2)] });
    await stop(parent);
    const locked = lockDataDirectory(dataDirectory);
    expect(locked.ok).toBe(true);
    if (locked.ok) locked.value.release();
    port2.close();
    await once(port1, 'close');
  });

  it('closes its data also when it is asked to end while it is still opening it', async () => {
    const dataDirectory = await temporaryFolder();
    const starting = startProcess(dataDirectory);
    await expect.poll(() => process.parentPort.listenerCount('message')).toBe(1);
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    process.parentPort.emit('message', { data: { kind: 'stop' }, ports: [] });
    const parent = await starting;
    await expect.poll(() => exit.mock.calls).toEqual([[0]]);
    exit.mockRestore();
    parent.removeAllListeners();
    const locked = lockDataDirectory(dataDirectory);
    expect(locked.ok).toBe(true);
    if (locked.ok) locked.value.release();
  });

  it('says why it cannot use the data', async () => {
    const held = await temporaryFolder();
    const lock = lockDataDirectory(held);
    onTestFinished(() => {
      if (lock.ok) lock.value.release();
    });
    expect((await startProcess(held)).told).toMatchObject([
      { kind: 'failed', message: expect.stringContaining('Another Fuelgauge is using this data folder') },
    ]);
  });

  it('opens for reading only when it is started so', async () => {
    const dataDirectory = await temporaryFolder();
    await stop(await startProcess(dataDirectory));
    const parent = await startProcess(dataDirectory, '--read-only');
    expect(parent.told).toEqual([{ kind: 'ready' }]);
    const owner = await connectOwner(dataDirectory);
    expect(await owner?.client.recovery.status()).toMatchObject({ mode: 'read-only', reason: 'asked' });
    owner?.close();
  });

  it('serves all the same when the data cannot be opened, so that the window can show ways on', async () => {
    const dataDirectory = await temporaryFolder();
    await writeFile(join(dataDirectory, 'fuelgauge.sqlite'), 'no database '.repeat(1_000));
    const parent = await startProcess(dataDirectory);
    expect(parent.told).toEqual([{ kind: 'ready' }]);
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    parent.emit('message', { data: { kind: 'connect' }, ports: [mainPort(port2)] });
    const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port1 }));
    port1.start();
    expect(await client.recovery.status()).toMatchObject({ mode: 'unopened', reason: 'not-a-database' });
    await expect(client.workspaces.list()).rejects.toMatchObject({ code: 'PROBLEM', data: { code: 'damaged' } });
    // The same ports go on once the data is there.
    await rm(join(dataDirectory, 'fuelgauge.sqlite'));
    expect(await client.recovery.tryAgain()).toMatchObject({ mode: 'open', problem: null });
    expect(await client.workspaces.list()).toEqual([]);
  });
});
