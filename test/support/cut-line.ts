// A way to a server that can be cut and mended, for one device alone.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface CutLine {
  readonly address: string;
  /** Whoever is connected is thrown out, and nobody gets in any more. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
}

/** Listens on a port of its own, which it keeps, and passes everything on to `address`. */
export async function openLine(address: string): Promise<CutLine> {
  const { hostname, port } = new URL(address);
  const sockets = new Set<Socket>();
  const pass = (socket: Socket): void => {
    const onward = connect(Number(port), hostname);
    for (const each of [socket, onward]) {
      sockets.add(each);
      each.on('error', () => undefined);
      each.on('close', () => {
        sockets.delete(each);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  };
  let server: Server = createServer(pass);
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', resolve);
    });
  await listen(0);
  const own = portOf(server.address());
  return {
    address: `http://127.0.0.1:${own}`,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    mend: async () => {
      server = createServer(pass);
      await listen(own);
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('It listens on a port.');
  return address.port;
}
