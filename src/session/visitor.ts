/** Bytes of the headers that a socket stores; its attachment holds 16,384 bytes, and a path takes a quarter of them. */
const mostBytes = 8_192;

/** The connected visitor, as the application's middleware sees it. */
export interface Visitor {
  readonly origin: string;
  /** Path and query of the page. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Returns the visitor of an upgrade. What belongs to the socket alone is left out of the headers. */
export function visitorOf(upgrade: Request, path: string): Visitor {
  const headers = [...upgrade.headers].filter(([name]) => !/^(upgrade|connection|sec-.*)$/.test(name));
  return { origin: new URL(upgrade.url).origin, path, headers };
}

/** True when the headers of a visitor fit into the attachment of a socket. */
export function isStorable({ headers }: Visitor): boolean {
  const text = headers.flat().join('');
  // Names and values of headers are bytes, but the platform hands out some as text.
  return new TextEncoder().encode(text).length + 16 * headers.length <= mostBytes;
}
