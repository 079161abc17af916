// The bytes on the wire: what is sent and received for each thing that happens, as text and after permessage-deflate.

import { constants, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import type { Bench, Part } from '../bench.ts';
import { type Contender, floors, ours, startContenders } from '../contenders/index.ts';
import { loadCounting } from '../counting/load.ts';
import type { Figure, Findings } from '../findings.ts';
import { type Host, startHost } from '../host.ts';
import { tap } from '../socket.ts';
import { median } from '../statistics.ts';
import { until } from '../wait.ts';

export const wire: Part = { title: 'Wire', run };

async function run(bench: Bench): Promise<void> {
  await bench.measure('changes', () => changes(bench));
  if (bench.wants('returns')) {
    await using host = await startHost();
    await bench.measure('returns', () => returns(host));
  }
}

/** What happens, the button for it, and how often it is measured. */
const happenings = [
  ['a click that changes one text', 'Text', 40],
  ['a tick of a progress bar', 'Tick', 40],
  ['1,000 rows are filled in', 'Fill', 4],
  ['one row of 1,000 changes', 'Row', 20],
] as const;

async function changes(bench: Bench): Promise<Findings> {
  await using contenders = await startContenders();
  const list = contenders.list.filter(({ name }) => !floors.includes(name));
  const columns = list.map(({ name }) => name as string);
  const raw: Record<string, number[]> = {};
  const deflated: Record<string, number[]> = {};
  for (const contender of list) {
    for (const [name, found] of Object.entries(await measure(contender))) {
      (raw[name] ??= []).push(found.raw);
      (deflated[name] ??= []).push(found.deflated);
    }
  }
  // Half an hour without a click: the heartbeats.
  const seconds = bench.rounds(12, 9);
  const { heartbeats } = await loadCounting();
  const idle: number[] = [];
  for (const contender of list) {
    if (contender.name === ours) idle.push(await heartbeats(30));
    else idle.push(((await listen(contender, seconds)) * 1_800) / seconds);
  }
  const rows = (found: Record<string, number[]>) => Object.entries(found).map(([name, values]) => ({ name, values }));
  const mine = (name: string) => raw[name]?.[columns.indexOf(ours)] ?? Number.NaN;
  const figures: Figure[] = [
    {
      id: 'wire.text',
      name: 'bytes of a click that changes one text, both directions',
      value: mine('a click that changes one text'),
      unit: 'B',
      note: 'median, without the headers of frames',
    },
  ];
  const table = { unit: 'B', by: 'what happens', better: 'low', columns } as const;
  return {
    figures,
    tables: [
      {
        title: 'Bytes as they are written',
        ...table,
        rows: [...rows(raw), { name: 'half an hour idle', values: idle }],
      },
      { title: 'Bytes after permessage-deflate', ...table, rows: rows(deflated) },
    ],
    notes: [
      'Both directions, with acknowledgements, without the headers of frames. The median of each.',
      'permessage-deflate is computed over the recorded messages, with context takeover, in the order in which they were sent. Local servers do not offer it.',
      `Half an hour idle: Edgewise from the heartbeats of its client on a virtual clock, the others from ${seconds} s of listening. The client of the Agents SDK sends nothing of itself.`,
      'The Agents SDK sends its whole state with each change, here with the 1,000 rows once they are there.',
      ...contenders.missing,
    ],
  };
}

async function measure(contender: Contender): Promise<Record<string, { raw: number; deflated: number }>> {
  const streams = { up: new Deflated(), down: new Deflated() };
  let messages: [direction: 'up' | 'down', text: string][] = [];
  tap.heard = (direction, text) => void messages.push([direction, text]);
  const visitor = await contender.visit(undefined, '/wire');
  const found: Record<string, { raw: number; deflated: number }> = {};
  for (const [name, button, times] of happenings) {
    const sizes: { raw: number; deflated: number }[] = [];
    for (let i = 0; i < times; i++) {
      messages = [];
      await new Promise<void>((resolve) => {
        visitor.onanswer = resolve;
        visitor.click(button);
      });
      await visitor.settled();
      // What follows the answer, such as the result of a call.
      await new Promise((resolve) => setTimeout(resolve, 15));
      let raw = 0;
      let deflated = 0;
      for (const [direction, text] of messages) {
        raw += Buffer.byteLength(text);
        deflated += await streams[direction].add(text);
      }
      sizes.push({ raw, deflated });
    }
    found[name] = {
      raw: median(sizes.map(({ raw }) => raw)),
      deflated: median(sizes.map(({ deflated }) => deflated)),
    };
  }
  visitor.cut();
  tap.heard = undefined;
  return found;
}

async function listen(contender: Contender, seconds: number): Promise<number> {
  const visitor = await contender.visit();
  // What belongs to the connection itself is over.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  let bytes = 0;
  tap.heard = (_, text) => {
    bytes += Buffer.byteLength(text);
  };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  tap.heard = undefined;
  visitor.cut();
  return bytes;
}

/** One direction of a connection with permessage-deflate. */
class Deflated {
  readonly #stream: DeflateRaw = createDeflateRaw({ windowBits: 15 });
  #bytes = 0;

  constructor() {
    this.#stream.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
    });
  }

  /** Returns the bytes that a message takes. The protocol leaves out the four bytes that end each flush. */
  async add(text: string): Promise<number> {
    const before = this.#bytes;
    this.#stream.write(text);
    await new Promise<void>((resolve) => this.#stream.flush(constants.Z_SYNC_FLUSH, resolve));
    return this.#bytes - before - 4;
  }
}

/** Measures what a returning browser receives on a page of 52 elements, after each number of missed patches. */
async function returns(host: Host): Promise<Findings> {
  const rows: { name: string; values: number[] }[] = [];
  let snapshot = 0;
  for (const patches of [1, 10, 100]) {
    const page = await host.visit(`/burst?patches=${patches}`);
    await page.connect();
    page.click();
    await until(() => page.frame > page.paint.frame);
    // Disconnects right after the first answer, while the handler continues.
    const seen = page.paint.frame;
    page.cut();
    await new Promise((resolve) => setTimeout(resolve, 500 + patches * 4));
    const { frames, bytes } = await page.resume(seen);
    rows.push({ name: `${patches} missed patches`, values: [bytes, frames] });
    snapshot = (await page.resume(0, 0)).bytes;
  }
  rows.push({ name: 'nothing to resume from: a snapshot', values: [snapshot, 1] });
  return {
    tables: [
      {
        title: 'What a browser receives that returns',
        unit: 'bytes and frames',
        by: 'after',
        columns: ['bytes', 'frames'],
        rows,
      },
    ],
  };
}
