// Runs before the page, in the sandbox: gives it one function and hands it what comes in answer.
import { contextBridge, ipcRenderer } from 'electron';
import type { PortMessage, RequestPort, RequestPortKey } from '../shared/bridge/desktop.ts';

const KEY: RequestPortKey = 'fuelgaugeRequestPort';
const PORT_MESSAGE: PortMessage = 'fuelgauge:port';

// A port cannot cross contextBridge; a window message can carry it into the page's own world.
ipcRenderer.on('replica:port', (event) => window.postMessage(PORT_MESSAGE, '*', event.ports));
ipcRenderer.on('replica:state', (_event, state: unknown) => window.postMessage(state, '*'));

const requestPort: RequestPort = () => ipcRenderer.send('replica:request-port');
contextBridge.exposeInMainWorld(KEY, Object.freeze(requestPort));
