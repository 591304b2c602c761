import { EventEmitter } from 'node:events';
import type { MessagePort } from 'node:worker_threads';

/** A port of Node as Electron's other processes have it: messages come as events, and only after it was started. */
export function mainPort(port: MessagePort) {
  const main = Object.assign(new EventEmitter(), {
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => {
      port.on('message', (data: unknown) => main.emit('message', { data, ports: [] }));
      port.on('close', () => main.emit('close'));
    },
    close: () => port.close(),
  });
  return main;
}
