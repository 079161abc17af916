// A minimal WebSocket client: text frames over a TCP socket, without compression or copies. On a machine with
// two cores the cost of a full client would distort the result. Both sides of each comparison use this one.

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** Hears every text of every socket, for measurements of bytes. */
export const tap: { heard?: ((direction: 'up' | 'down', text: string) => void) | undefined } = {};

export interface RawSocket {
  /** Called with the text of each message. Messages that arrived earlier come first. */
  onmessage: (text: string) => void;
  /** Called when the connection ends without {@link RawSocket.cut}. */
  onclose: () => void;
  send(text: string): void;
  /** Ends the connection without a close handshake, as a lost network does. */
  cut(): void;
}

/** Opens a WebSocket. Rejects when the server does not upgrade. */
export function openSocket(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<RawSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<RawSocket>();
  const socket = connect(Number(url.port), url.hostname);
  socket.setNoDelay(true);
  socket.write(
    [
      `GET ${url.pathname}${url.search} HTTP/1.1`,
      `Host: ${url.host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
  );
  const raw = new Raw(socket);
  let head = Buffer.alloc(0);
  const onHead = (data: Buffer) => {
    head = Buffer.concat([head, data]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    socket.off('data', onHead);
    const [status = ''] = head.toString('latin1', 0, end).split('\r\n');
    if (!status.includes(' 101 ')) {
      socket.destroy();
      reject(new Error(`The server did not upgrade ${url.pathname}: ${status}`));
      return;
    }
    socket.on('data', (more) => raw.take(more));
    resolve(raw);
    raw.take(head.subarray(end + 4));
  };
  socket.on('data', onHead);
  socket.on('error', reject);
  socket.on('close', () => raw.onclose());
  return promise;
}

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

class Raw implements RawSocket {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #early: string[] = [];
  #onmessage: ((text: string) => void) | undefined;
  onclose: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  set onmessage(onmessage: (text: string) => void) {
    this.#onmessage = onmessage;
    for (const text of this.#early.splice(0)) this.#onmessage(text);
  }

  get onmessage(): (text: string) => void {
    return this.#onmessage ?? (() => {});
  }

  send(text: string): void {
    tap.heard?.('up', text);
    this.#write(opcodes.text, text);
  }

  #write(opcode: number, payload: string | Buffer): void {
    // Clients must mask. A mask of zeros is valid and leaves the bytes unchanged.
    const size = Buffer.byteLength(payload);
    const head = size < 126 ? 6 : size < 65_536 ? 8 : 14;
    const frame = Buffer.alloc(head + size);
    frame[0] = 0x80 | opcode;
    if (head === 6) frame[1] = 0x80 | size;
    else if (head === 8) {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(size, 2);
    } else {
      frame[1] = 0x80 | 127;
      frame.writeBigUInt64BE(BigInt(size), 2);
    }
    if (typeof payload === 'string') frame.write(payload, head);
    else payload.copy(frame, head);
    this.#socket.write(frame);
  }

  cut(): void {
    this.onclose = () => {};
    this.#socket.destroy();
  }

  take(data: Buffer): void {
    let left = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    for (;;) {
      if (left.length < 2) break;
      const short = (left[1] as number) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (left.length < head) break;
      const size = short < 126 ? short : short === 126 ? left.readUInt16BE(2) : Number(left.readBigUInt64BE(2));
      if (left.length < head + size) break;
      const opcode = (left[0] as number) & 0x0f;
      if (opcode === opcodes.text) {
        const text = left.toString('utf8', head, head + size);
        tap.heard?.('down', text);
        if (this.#onmessage) this.#onmessage(text);
        else this.#early.push(text);
      } else if (opcode === opcodes.close) {
        this.#socket.destroy();
        return;
      } else if (opcode === opcodes.ping) {
        // The server of NiceGUI closes a socket that has not answered for 20 seconds.
        this.#write(opcodes.pong, left.subarray(head, head + size));
      }
      left = left.subarray(head + size);
    }
    this.#rest = left;
  }
}
