import type { LogEntry } from './host.ts';

/** Writes an entry to the Worker's log: one object that a log service can search, then the error itself, which it can group. */
export function writeLog({ error, ...entry }: LogEntry): void {
  const rest = error === undefined ? [] : [error];
  if (entry.level === 'error') console.error(entry, ...rest);
  else if (entry.level === 'warning') console.warn(entry, ...rest);
  else console.log(entry, ...rest);
}
