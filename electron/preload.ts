// Runs before the page, in the sandbox: gives it one function and hands it the ports that come in answer.
import { contextBridge, ipcRenderer } from 'electron';
import type { PortMessage, RequestPort, RequestPortKey } from '../shared/bridge/desktop.ts';

const KEY: RequestPortKey = 'fuelgaugeRequestPort';
const PORT_MESSAGE: PortMessage = 'fuelgauge:port';

// A port cannot cross contextBridge; a window message can carry it into the page's own world.
ipcRenderer.on('replica:port', (event) => window.postMessage(PORT_MESSAGE, '*', event.ports));

const requestPort: RequestPort = () => ipcRenderer.send('replica:request-port');
contextBridge.exposeInMainWorld(KEY, requestPort);
