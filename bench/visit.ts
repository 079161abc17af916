// A minimal browser's end of a page: it clicks, and acknowledges patches as the client does.

import {
  aimOf,
  bytesInFlight,
  type DownFrame,
  type EventFrame,
  framesInFlight,
  Mirror,
  type MirrorHost,
  type NodeLiteral,
  type Paint,
  protocolVersion,
  type UpFrame,
} from '../src/protocol/index.ts';
import { openSocket, type RawSocket } from './socket.ts';
import { until } from './wait.ts';

export class Visit {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #build: string;
  readonly path: string;
  readonly paint: Paint;
  /** Name of the session's object. */
  readonly session: string;
  readonly button: number;
  /** The first tree. The present texts beside a button are others, and cost the session as much to compare. */
  readonly #tree: Mirror;
  /** What a click of each button aims at. Found once, as the tree stays: a browser's work is no part of a measurement. */
  readonly #aims = new Map<number, EventFrame[1]>();
  #socket!: RawSocket;
  #connected = false;
  #event = 0;
  /** The events that are not acknowledged, oldest first. */
  #pending: EventFrame[] = [];
  #epoch: number;
  #frame: number;
  #acknowledged: number;
  /** Characters of patches since then. */
  #received = 0;
  /** Number of the last event whose effects are durable. */
  durable = 0;
  /** Called with each patch. */
  onpatch: (text: string) => void = () => {};
  /** Called with every patch and snapshot, including answers to a hello. */
  onshown: (text: string) => void = () => {};
  /** Called with each snapshot that answers no hello. */
  onsnapshot: () => void = () => {};

  constructor(
    url: URL,
    headers: Readonly<Record<string, string>>,
    page: { paint: Paint; build: string; path: string; session: string },
  ) {
    this.#url = url;
    this.#headers = headers;
    this.#build = page.build;
    this.path = page.path;
    this.paint = page.paint;
    this.session = page.session;
    this.button = find(page.paint.tree, 'button') ?? 0;
    this.#tree = new Mirror(page.paint.tree, {} as MirrorHost);
    this.#epoch = page.paint.epoch;
    this.#frame = this.#acknowledged = page.paint.frame;
  }

  get clicks(): number {
    return this.#event;
  }

  get frame(): number {
    return this.#frame;
  }

  /** Connects, or connects again, and sends the hello with the events that are not acknowledged. */
  async connect(): Promise<void> {
    const url = new URL('/_edgewise/socket', this.#url);
    url.search = new URLSearchParams({ page: this.paint.page, path: this.path }).toString();
    this.#socket = await openSocket(url, { ...this.#headers, Origin: url.origin });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let greeted = false;
    this.#socket.onclose = () => {
      const error = new Error(`The session closed the socket of ${this.path}.`);
      if (greeted) throw error;
      reject(error);
    };
    this.#socket.onmessage = (text) => {
      const frame = JSON.parse(text) as DownFrame;
      greeted = frame[0] === 'w' || frame[0] === 's';
      if (frame[0] === 's') this.#snapshot(frame, text);
      if (greeted) resolve();
      else reject(new Error(`The session answered the hello with ${text}`));
      this.#socket.onmessage = (text) => this.#message(text);
    };
    this.#acknowledged = this.#frame;
    this.#send(['h', protocolVersion, this.#build, this.#epoch, this.#frame, this.#pending]);
    // What is clicked from now on waits for the answer.
    const sent = this.#pending.length;
    await promise;
    this.#connected = true;
    for (const event of this.#pending.slice(sent)) this.#send(event);
  }

  /** Returns the frames and bytes that a browser receives when it returns with the page up to `frame`. */
  async resume(frame: number, epoch = this.paint.epoch): Promise<{ frames: number; bytes: number; kind: string }> {
    const url = new URL('/_edgewise/socket', this.#url);
    url.search = new URLSearchParams({ page: this.paint.page, path: this.path }).toString();
    const socket = await openSocket(url, { ...this.#headers, Origin: url.origin });
    const texts: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.onmessage = (text) => {
      if (text === 'pong') resolve();
      else if (!text.startsWith('["a"')) texts.push(text);
    };
    socket.send(JSON.stringify(['h', protocolVersion, this.#build, epoch, frame, []]));
    await until(() => texts.length > 0);
    socket.send('ping');
    await promise;
    socket.cut();
    return {
      frames: texts.length,
      bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      kind: texts[0]?.startsWith('["s"') ? 'snapshot' : 'resume',
    };
  }

  /** Clicks the first button, or the one with the text, and returns the frame. Without a connection, the click waits for one. */
  click(text?: string): string {
    const button = text === undefined ? this.button : find(this.paint.tree, 'button', text);
    if (button === undefined) throw new Error(`${this.path} has no button '${text}'.`);
    const event: EventFrame = [++this.#event, this.#aimAt(button), 'click'];
    this.#pending.push(event);
    return this.#connected ? this.#send(event) : JSON.stringify(event);
  }

  #aimAt(button: number): EventFrame[1] {
    const known = this.#aims.get(button);
    if (known !== undefined) return known;
    const node = this.#tree.get(button);
    const aim: EventFrame[1] = node ? [button, aimOf(node)] : button;
    this.#aims.set(button, aim);
    return aim;
  }

  cut(): void {
    this.#connected = false;
    this.#socket.cut();
  }

  #send(frame: UpFrame | EventFrame): string {
    const text = JSON.stringify(frame);
    this.#socket.send(text);
    return text;
  }

  #snapshot(frame: DownFrame & readonly ['s', ...unknown[]], text: string): void {
    this.#epoch = frame[2];
    this.#frame = this.#acknowledged = frame[3];
    this.onshown(text);
  }

  #message(text: string): void {
    // A patch begins with its number, every other frame with a text.
    if (text.charCodeAt(1) !== 0x22) {
      this.#frame = Number.parseInt(text.slice(1), 10);
      this.#received += text.length;
      // Acknowledges as the client does. It also does so after a second, which no measurement waits for.
      if (this.#frame - this.#acknowledged >= framesInFlight / 2 || this.#received >= bytesInFlight / 4) {
        this.#acknowledged = this.#frame;
        this.#received = 0;
        this.#send(['a', this.#frame]);
      }
      this.onpatch(text);
      this.onshown(text);
      return;
    }
    const frame = JSON.parse(text) as DownFrame;
    if (frame[0] === 'a') {
      this.durable = frame[1];
      while ((this.#pending[0]?.[0] ?? Number.POSITIVE_INFINITY) <= this.durable) this.#pending.shift();
    } else if (frame[0] === 's') {
      this.#snapshot(frame, text);
      this.onsnapshot();
    } else if (frame[0] === 'x') {
      throw new Error(`The session ended the connection: ${frame[1]}, ${frame[2]}`);
    }
  }
}

/** Opens a page in a fresh session, as a browser without a cookie does. */
export async function visit(url: URL, path: string, extra: Readonly<Record<string, string>> = {}): Promise<Visit> {
  const response = await fetch(new URL(path, url), { headers: extra });
  const cookie = response.headers.getSetCookie().find((line) => line.includes('session.')) ?? '';
  const [, json] = /id="edgewise-paint">(.*?)<\/script>/.exec(await response.text()) ?? [];
  if (!json) throw new Error(`${path} answered ${response.status} without a page.`);
  const { paint, build } = JSON.parse(json) as { paint: Paint; build: string };
  const page = { paint, build, path, session: decodeURIComponent(cookie).split('.')[1] ?? '' };
  return new Visit(url, { ...extra, Cookie: cookie.split(';')[0] ?? '' }, page);
}

function find(node: NodeLiteral, kind: string, text?: string): number | undefined {
  if (node[1] === kind && (text === undefined || (node[2] as { text?: unknown }).text === text)) return node[0];
  for (const child of node[3] ?? []) {
    const found = find(child, kind, text);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Does something and returns what the page then shows. */
export async function shows(page: Visit, what: RegExp, act: () => unknown): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  const late = setTimeout(() => reject(new Error(`${page.path} did not show ${what} within 60 seconds.`)), 60_000);
  page.onshown = (text) => {
    const found = what.exec(text);
    if (found) resolve(found);
  };
  try {
    await act();
    return await promise;
  } finally {
    clearTimeout(late);
  }
}
