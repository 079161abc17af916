// What the pages ask of the ledger, the world outside of the application.

import { address } from './address.ts';

/** Notes a line in a book of the ledger; a line that is there already is noted once. */
export async function note(book: string, line: string): Promise<void> {
  const response = await fetch(`${address}/note/${book}/${encodeURIComponent(line)}`, { method: 'PUT' });
  if (!response.ok) throw new Error(`The ledger answered ${response.status}.`);
}

/** Returns the lines of a book. */
export async function linesOf(book: string): Promise<string[]> {
  return (await (await fetch(`${address}/lines/${book}`)).json()) as string[];
}

/** Returns a name that no other call returns. */
export async function unique(): Promise<string> {
  return crypto.randomUUID();
}

/** Waits in the outside world. */
export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
