// Turns what was counted into money, by the platform's price list in bench/prices.json.

import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Prices {
  /** The day on which they were looked up. */
  readonly date: string;
  readonly sources: Readonly<Record<string, string>>;
  /** Dollars for a million of each. */
  readonly million: Readonly<Record<'request' | 'gigabyteSecond' | 'rowRead' | 'rowWritten', number>>;
  readonly messagesPerRequest: number;
  readonly gigabytesOfAnObject: number;
  readonly rules: readonly string[];
}

export interface Usage {
  /** Messages of browsers. */
  readonly messages: number;
  readonly alarms: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Milliseconds for which the object ran or could not hibernate. */
  readonly awake: number;
}

/** Dollars for a million times the usage. */
export interface Bill {
  readonly requests: number;
  readonly duration: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly total: number;
}

export async function prices(): Promise<Prices> {
  return JSON.parse(await readFile(path.join(import.meta.dirname, 'prices.json'), 'utf8')) as Prices;
}

export function billOf(usage: Usage, { million, messagesPerRequest, gigabytesOfAnObject }: Prices): Bill {
  const parts = {
    requests: (usage.messages / messagesPerRequest + usage.alarms) * million.request,
    duration: (usage.awake / 1000) * gigabytesOfAnObject * million.gigabyteSecond,
    rowsRead: usage.rowsRead * million.rowRead,
    // The platform counts a new alarm as a row.
    rowsWritten: (usage.rowsWritten + usage.alarms) * million.rowWritten,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, dollars) => sum + dollars, 0) };
}
