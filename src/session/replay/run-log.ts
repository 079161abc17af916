import type { AimTexts } from '../../protocol/index.ts';
import type { SettledResult } from '../../rpc/index.ts';
import { decode, splitText } from '../../storage/index.ts';
import type { StepType } from '../../tasks/index.ts';
import type { Key } from '../../tree/index.ts';
import type { RecordedRead } from './recorded-reads.ts';
import type { WaitEntry } from './waits.ts';

/** The identity of a run, and the circumstances in which it began. */
export interface RunHeader {
  /** The number of the run within its page. */
  readonly id: number;
  /** The key of the element, its event, and the index of the listener. */
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
  /** The key of the part that contains the element, such as a list item; 0 for none. */
  readonly part: Key;
  /** The element's text when it is constant; '' otherwise. */
  readonly label: string;
  /** Distinguishes the element from similar ones; see `aimOf`. */
  readonly aim: string;
  /** The hash of the handler's code. */
  readonly code: number;
  /** The build of the application in which the run began. */
  readonly build: string;
  readonly value: unknown;
  /** True while the run waits for an earlier run of its listener to end. */
  readonly waiting: boolean;
}

/** The parts of a header that never change. */
export interface RunOrigin extends Omit<RunHeader, 'aim' | 'code' | 'waiting'> {
  /** {@link RunHeader.aim}, or the texts that it is made from: most handlers end before they are stored. */
  readonly aim: string | AimTexts;
}

/** Returns the origin of a stored run without its log, which would take memory for as long as the run is open. */
export function originOf({ id, node, event, listener, part, label, aim, build, value }: RunRecord): RunOrigin {
  return { id, node, event, listener, part, label, aim, build, value };
}

/** An element of a run's part was removed while the run was open. Cells with the same names are another element's since. */
export type Loss = readonly [
  /** How the names of its cells begin. */
  prefix: string,
  /** How many calls the run had made, and results received. */
  position: number,
  /** The texts of its cells then. */
  values: readonly (readonly [cell: string, text: string])[],
  /** The texts of the items of its lists then. */
  lists: readonly (readonly [cell: string, text: string])[],
];

/** One entry of the journal of a run, in the order of the run. */
export type LogEntry =
  /** The run made a call. The numbers are hashes of its arguments and of its function, where they have one. */
  | readonly ['call', type: StepType, name: string, args: number | null, code?: number]
  /** The call waits for an answer on a channel: since when, and until when. */
  | readonly ['wait', call: number, channel: string, since: number, until: number | null]
  /** The call received an answer with this text. */
  | readonly ['answer', call: number, text: string]
  /** The call has started a job. */
  | readonly ['job', call: number, job: string]
  /** The run received the result of a call: its text, or null and how it settled when it has no text. */
  | readonly ['result', call: number, text: string | null, end: string | null]
  /** The run received a chunk of a call. */
  | readonly ['chunk', call: number]
  /** The run received the end of the chunks: an error with this text, or none. */
  | readonly ['end', call: number, failure: string | null]
  /** The call is made to its end although the run has its CancelledError already; and it has ended. */
  | readonly ['completes' | 'completed', call: number]
  /** The run used more of a call than its result, so a replay repeats the call. */
  | readonly ['again', call: number]
  /** A read of a name returned a value that was new to the run. */
  | readonly ['read', name: string, ...RecordedRead]
  /** A cell changed for the first time since the run began; the text is its previous value. */
  | readonly ['before', cell: string, text: string]
  /** Other code overwrote a cell that the run had written. */
  | readonly ['own' | 'overwritten', cell: string]
  /** A write of the run was refused: the count of its writes of that name, and the error. */
  | readonly ['refused', name: string, ...RecordedRead]
  /** An element of the run's part was removed, or a cell of it was written after that. */
  | readonly ['lost', ...Loss]
  /** The run took the changed branch of a patch. */
  | readonly ['patched', name: string]
  /** Another run superseded this one. */
  | readonly ['superseded']
  /** The handler function returned. */
  | readonly ['returned'];

/** One recorded `run.*` call of a handler. */
export interface RecordedCall extends WaitEntry {
  readonly type: StepType;
  readonly name: string;
  readonly args: number | undefined;
  readonly code?: number | undefined;
  job?: string;
  /** The text of the settled result. */
  outcome?: string;
  /** The kind of outcome when it has no text: 'value', or the name of an error. */
  end?: string;
  consumed: boolean;
  chunks: number;
  ended: boolean;
  /** True while the call is made to its end although the run has its result. */
  unfinished?: boolean;
  /** The text of the error that ended the chunks. */
  failure?: string;
}

/** The stored record of a run, from which another activation of the object continues it. */
export interface RunRecord extends RunHeader {
  readonly calls: readonly RecordedCall[];
  /** The call index of each chunk, end and result, in the order of delivery. */
  readonly handed: readonly number[];
  readonly reads: readonly (readonly [name: string, ...RecordedRead])[];
  readonly before: readonly (readonly [cell: string, text: string])[];
  /** The cells that the run has written; true where no other code has written since. */
  readonly own: ReadonlyMap<string, boolean>;
  /** Its writes that were refused, by name and count. */
  readonly refusals: readonly (readonly [name: string, ...RecordedRead])[];
  /** The elements of its part that were removed, and what was written to them then, in that order. */
  readonly losses: readonly Loss[];
  readonly returned: boolean;
  /** The patches whose changed branch the run took. */
  readonly patched: readonly string[];
  /** The number of deliveries when the run was superseded; absent when it was not. */
  readonly superseded?: number;
  /** True when the run awaits a promise outside `run`, of which nothing is recorded. */
  readonly foreign: boolean;
  /** The error from reading the log; absent when the log is valid. */
  readonly unreadable?: unknown;
  /** The rows and characters that the log takes so far. */
  rows: number;
  readonly size: number;
}

/** Returns true for a call that returns its value at once. */
export function isValue({ type }: { readonly type: StepType }): boolean {
  return type === 'now' || type === 'random';
}

/** Returns true for a wait without an answer. */
export function isUnanswered({ channel, consumed, answer }: RecordedCall): boolean {
  return channel !== undefined && !consumed && !answer;
}

/** Entries are lines, so a row may contain any part of the text. */
export function line(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The most characters of a row. A character takes at most three bytes, and a row less than 2 MB. */
const rowLength = 500_000;

/** Splits the text of a log into rows. */
export function rowsOf(text: string): string[] {
  return splitText(text, rowLength);
}

/**
 * Reads a log.
 * @throws {Error} when the text is no valid log.
 */
export function recordOf(header: RunHeader, rows: readonly string[]): RunRecord {
  const text = rows.join('');
  const calls: RecordedCall[] = [];
  const handed: number[] = [];
  const reads: (readonly [string, number, string])[] = [];
  const before: (readonly [string, string])[] = [];
  const own = new Map<string, boolean>();
  const losses: Loss[] = [];
  const refusals: (readonly [name: string, ...RecordedRead])[] = [];
  let returned = false;
  const patched: string[] = [];
  let superseded: number | undefined;
  const at = (index: number): RecordedCall => {
    const call = calls[index];
    if (!call) throw new Error('a log without a run');
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
      case 'completes':
      case 'completed':
        at(entry[1]).unfinished = entry[0] === 'completes';
        break;
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
      case 'refused':
        refusals.push([entry[1], entry[2], entry[3]]);
        break;
      case 'lost':
        losses.push([entry[1], entry[2], entry[3], entry[4]]);
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
  // Because a run that received every result and has not ended must await a promise outside `run`.
  const foreign =
    !header.waiting && !returned && calls.every(({ consumed, chunks, ended }) => consumed && (chunks === 0 || ended));
  return {
    ...header,
    calls,
    handed,
    reads,
    before,
    own,
    refusals,
    losses,
    returned,
    patched,
    ...(superseded !== undefined && { superseded }),
    foreign,
    rows: rows.length,
    size: text.length,
  };
}
