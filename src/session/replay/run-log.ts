import type { SettledResult } from '../../rpc/index.ts';
import { decode } from '../../storage/index.ts';
import type { StepSort } from '../../tasks/index.ts';
import type { Key } from '../../tree/index.ts';
import type { RecordedRead } from './recorded-reads.ts';
import type { WaitEntry } from './waits.ts';

/** What names a run, and how it began. */
export interface RunHeader {
  /** Counts the runs of the page. */
  readonly id: number;
  /** The element and event, and which of its listeners. */
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
  /** The part of the page, such as a list, that the element is in; 0 for none. */
  readonly part: Key;
  /** What the element says, where that is always the same; '' otherwise. */
  readonly label: string;
  /** Tells the element from others; see `aimOf`. */
  readonly aim: string;
  /** Tells the handler's code from other code. */
  readonly code: number;
  /** The build of the application in which the run began. */
  readonly build: string;
  readonly value: unknown;
  /** True while it waits for an earlier run of its listener to end. */
  readonly waiting: boolean;
}

/** One thing that a run did, in the order in which it did it. */
export type LogEntry =
  /** It made a call. Numbers tell the arguments and the code of its function from others, where they can be told. */
  | readonly ['call', type: StepSort, name: string, args: number | null, code?: number]
  /** The call waits for an answer by a channel, since then and until then. */
  | readonly ['wait', call: number, channel: string, since: number, until: number | null]
  /** Somebody has answered, with this text. */
  | readonly ['answer', call: number, text: string]
  /** The call has started a job. */
  | readonly ['job', call: number, job: string]
  /** It went on with the result of a call: its text, or null and how it ended when it has none. */
  | readonly ['result', call: number, text: string | null, end: string | null]
  /** It took a chunk of a call. */
  | readonly ['chunk', call: number]
  /** It took the end of the chunks, which was an error with this text, or none. */
  | readonly ['end', call: number, failure: string | null]
  /** It took more of a call than its result, so the call has to be made again. */
  | readonly ['again', call: number]
  /** Its read of a name gave something that it did not know. */
  | readonly ['read', name: string, ...RecordedRead]
  /** A cell was changed for the first time since the run began, and was this before. */
  | readonly ['before', cell: string, text: string]
  /** It wrote a cell, and somebody else wrote it after that. */
  | readonly ['own' | 'overwritten', cell: string]
  /** It took the changed way of a patch. */
  | readonly ['patched', name: string]
  /** Another run took its place. */
  | readonly ['superseded']
  /** Its function returned. */
  | readonly ['returned'];

/** One `run.*` call of a handler. */
export interface RecordedCall extends WaitEntry {
  readonly type: StepSort;
  readonly name: string;
  readonly args: number | undefined;
  readonly code?: number | undefined;
  job?: string;
  /** The text of how it ended. */
  outcome?: string;
  /** How it ended, when that has no text: 'value', or the name of an error. */
  end?: string;
  consumed: boolean;
  chunks: number;
  ended: boolean;
  /** The text of the error with which the chunks ended. */
  failure?: string;
}

/** What is stored of a run, so that another activation of the object can continue it. */
export interface RunRecord extends RunHeader {
  readonly calls: readonly RecordedCall[];
  /** Which call each chunk, end and result was of, in the order in which they were handed over. */
  readonly handed: readonly number[];
  readonly reads: readonly (readonly [name: string, ...RecordedRead])[];
  readonly before: readonly (readonly [cell: string, text: string])[];
  /** Cells that the run has written; true where nobody else did so since. */
  readonly own: ReadonlyMap<string, boolean>;
  readonly returned: boolean;
  /** Patches whose changed way it took. */
  readonly patched: readonly string[];
  /** How much had been handed over when another run took its place; absent while none has. */
  readonly superseded?: number;
  /** True when it waits for something of which nothing is known. */
  readonly foreign: boolean;
  /** Why its log cannot be read; absent when it can. */
  readonly unreadable?: unknown;
  /** Rows and characters that its log takes so far. */
  rows: number;
  readonly size: number;
}

/** A call that gives its value at once. */
export function isValue({ type }: { readonly type: StepSort }): boolean {
  return type === 'now' || type === 'random';
}

/** True for a wait that nobody has answered. */
export function isUnanswered({ channel, consumed, answer }: RecordedCall): boolean {
  return channel !== undefined && !consumed && !answer;
}

/** Entries are lines, so any part of the text may be a row. */
export function line(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Characters of a row. None takes more than three bytes, and a row has less than 2 MB. */
const rowLength = 500_000;

/** Parts a text into rows. No pair of surrogates is torn apart: half of one cannot be stored. */
export function rowsOf(text: string): string[] {
  const rows: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start + rowLength;
    if (isHighSurrogate(text.charCodeAt(end - 1))) end--;
    rows.push(text.slice(start, end));
    start = end;
  }
  return rows;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** @throws when the log is not one. */
export function recordOf(header: RunHeader, rows: readonly string[]): RunRecord {
  const text = rows.join('');
  const calls: RecordedCall[] = [];
  const handed: number[] = [];
  const reads: (readonly [string, number, string])[] = [];
  const before: (readonly [string, string])[] = [];
  const own = new Map<string, boolean>();
  let returned = false;
  const patched: string[] = [];
  let superseded: number | undefined;
  const at = (index: number): RecordedCall => {
    const call = calls[index];
    if (!call) throw new Error('a log of no run');
    return call;
  };
  for (const each of text.split('\n')) {
    if (each === '') continue;
    const entry = JSON.parse(each) as LogEntry;
    switch (entry[0]) {
      case 'call': {
        const [, type, name, args, code] = entry;
        calls.push({ type, name, args: args ?? undefined, code, consumed: false, chunks: 0, ended: false });
        break;
      }
      case 'wait': {
        const [, index, channel, since, until] = entry;
        Object.assign(at(index), { channel, since, ...(until !== null && { until }) });
        break;
      }
      case 'answer':
        at(entry[1]).answer = decode(entry[2]) as SettledResult;
        break;
      case 'job':
        at(entry[1]).job = entry[2];
        break;
      case 'result': {
        const [, index, outcome, end] = entry;
        const call = at(index);
        call.consumed = true;
        delete call.answer;
        if (outcome !== null) call.outcome = outcome;
        if (end !== null) call.end = end;
        if (!isValue(call)) handed.push(index);
        break;
      }
      case 'chunk':
        at(entry[1]).chunks++;
        handed.push(entry[1]);
        break;
      case 'end': {
        const [, index, failure] = entry;
        const call = at(index);
        call.ended = true;
        if (failure !== null) call.failure = failure;
        handed.push(index);
        break;
      }
      case 'again': {
        const call = at(entry[1]);
        if (call.outcome !== undefined) call.end = 'value';
        delete call.outcome;
        break;
      }
      case 'read':
        reads.push([entry[1], entry[2], entry[3]]);
        break;
      case 'before':
        before.push([entry[1], entry[2]]);
        break;
      case 'own':
      case 'overwritten':
        own.set(entry[1], entry[0] === 'own');
        break;
      case 'patched':
        patched.push(entry[1]);
        break;
      case 'superseded':
        superseded = handed.length;
        break;
      case 'returned':
        returned = true;
        break;
    }
  }
  // A run that was given all that it asked for, and has not ended, waits for something else.
  const foreign =
    !header.waiting && !returned && calls.every(({ consumed, chunks, ended }) => consumed && (chunks === 0 || ended));
  return {
    ...header,
    calls,
    handed,
    reads,
    before,
    own,
    returned,
    patched,
    ...(superseded !== undefined && { superseded }),
    foreign,
    rows: rows.length,
    size: text.length,
  };
}
