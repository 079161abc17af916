import { type Clock, TokenBucket, type TokenBucketOptions } from '../clock/index.ts';
import type { LogEntry, SessionEntry } from './host.ts';

/** Milliseconds after which a line that repeats is written again, with the number of times that it was not. */
const window = 60_000;
/** Different lines that are counted at a time. */
const mostLines = 200;
/** Different lines by whose mistake they are: how many at once, and then how many a second. What a stranger causes is seldom news. */
const news: Readonly<Record<LogEntry['fault'], TokenBucketOptions>> = {
  network: { burst: 20, perSecond: 0.2 },
  author: { burst: 100, perSecond: 2 },
  framework: { burst: 100, perSecond: 2 },
};
/** Characters of a line. */
const longest = 1_000;

export interface SessionLogHost {
  readonly name: string;
  readonly build: string;
  readonly clock: Clock;
  log(entry: LogEntry): void;
}

interface Line {
  /** When it was written first, within the present window. */
  readonly since: number;
  count: number;
  /** How often it was not written since it was. */
  hidden: number;
}

/**
 * The log of one session. A line that repeats is counted: within a minute it is written the first time, the 10th, the 100th and so on.
 * No input thus makes the log grow with the number of its frames, and nothing here needs a timer.
 */
export class SessionLog {
  readonly #host: SessionLogHost;
  readonly #lines = new Map<string, Line>();
  readonly #news = {
    network: new TokenBucket(news.network),
    author: new TokenBucket(news.author),
    framework: new TokenBucket(news.framework),
  };

  constructor(host: SessionLogHost) {
    this.#host = host;
  }

  /** Writes each line again, because another version of the application may cause it. */
  forget(): void {
    this.#lines.clear();
  }

  write(given: SessionEntry): void {
    const { name, build, clock } = this.#host;
    const now = clock.now();
    const { level, fault, page, element, message, error } = given;
    let entry: LogEntry = {
      level,
      fault,
      session: printable(name),
      ...(page !== undefined && { page: printable(page) }),
      ...(element !== undefined && { element: printable(element) }),
      build,
      message: printable(message),
      ...(error !== undefined && { error }),
    };
    let key = keyOf(entry);
    let line = this.#lines.get(key);
    if (!line && this.#news[entry.fault].take(now) > 0) {
      // Too much that differs: the rest of this fault counts as one line.
      const { error: _, element: __, ...rest } = entry;
      entry = {
        ...rest,
        message: `Too many different log lines; the rest are counted as one line. The latest: ${entry.message}`,
      };
      key = `${entry.level}\n${entry.fault}`;
      line = this.#lines.get(key);
    }
    if (!line || now - line.since >= window) {
      this.#lines.delete(key);
      this.#lines.set(key, { since: now, count: 1, hidden: 0 });
      if (this.#lines.size > mostLines) this.#lines.delete(this.#lines.keys().next().value as string);
      this.#put(entry, line && line.hidden > 0 ? `, and ${line.hidden} times before` : '');
    } else if (Number.isInteger(Math.log10(++line.count))) {
      line.hidden = 0;
      this.#put(entry, `, ${line.count} times within a minute`);
    } else {
      line.hidden++;
    }
  }

  #put(entry: LogEntry, times: string): void {
    this.#host.log(times === '' ? entry : { ...entry, message: `${entry.message} (this line${times})` });
  }
}

function keyOf({ level, fault, page, element, message, error }: LogEntry): string {
  const thrown = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  return [level, fault, page, element, message, thrown].join('\n');
}

/** Returns a text as one line that shows what it holds: control characters and marks of direction are escaped. */
export function printable(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, escaped);
}

function escaped(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
