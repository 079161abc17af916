import type { LogEntry } from './host.ts';

/** Writes an entry to the Worker's log, as one sentence that names where it happened, followed by the error with its stack. */
export function writeLog(entry: LogEntry): void {
  const where = [`session ${entry.session.slice(0, 8)}`];
  if (entry.page !== undefined) where.push(`page ${entry.page}`);
  if (entry.element !== undefined) where.push(entry.element);
  const line = `[${where.join(', ')}] ${entry.message} (${faults[entry.fault]})`;
  const rest = entry.error === undefined ? [] : [entry.error];
  if (entry.level === 'error') console.error(line, ...rest);
  else if (entry.level === 'warning') console.warn(line, ...rest);
  else console.log(line, ...rest);
}

const faults: Readonly<Record<LogEntry['fault'], string>> = {
  framework: "the framework's fault",
  author: "the application's fault",
  network: 'the network or the browser',
};
