/**
 * What the desktop shell's preload and the page agree on. The preload puts one function into the page under
 * `RequestPortKey`; each call of it is answered by a window message whose data is `PortMessage` and whose first port
 * leads to the replica. Types only: neither side may load anything of the other.
 */
export type RequestPort = () => void;

export type RequestPortKey = 'fuelgaugeRequestPort';

export type PortMessage = 'fuelgauge:port';
