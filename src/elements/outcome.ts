import { safeUrl } from '../protocol/index.ts';

/** Thrown by a page function in place of a page: see {@link redirect}. */
export class Redirect extends Error {
  /** The address to go to. */
  readonly address: string;

  constructor(address: string) {
    super(
      `redirect(${JSON.stringify(address)}) was thrown outside of a page function. In a handler, call ui.navigate.to.`,
    );
    this.name = 'Redirect';
    this.address = address;
  }
}

/** Thrown by a page function in place of a page: see {@link notFound}. */
export class NotFound extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotFound';
  }
}

/**
 * Returns what a page function throws to send its visitor to another address. A sub page shows the other address without loading
 * a document. In a handler, call `ui.navigate.to`.
 *
 * @example
 * app.page('/orders', ({ query }) => {
 *   if (!query.has('year')) throw redirect('/orders?year=2026');
 * });
 *
 * @throws {TypeError} for an address that is no path and neither http nor https.
 */
export function redirect(address: string): Redirect {
  if (safeUrl(address) === undefined || !/^(\/|\?|https?:)/i.test(address)) {
    throw new TypeError(
      `redirect was given ${JSON.stringify(address)}. Use a path of the application, such as '/orders', or an http or https address.`,
    );
  }
  return new Redirect(address);
}

/**
 * Returns what a page function throws when there is nothing at its address. The visitor gets the status 404. A sub page shows the
 * message in its place, and the rest of the page stays.
 *
 * @example
 * app.page('/orders/:id', async ({ params }) => {
 *   const order = await find(params.id);
 *   if (!order) throw notFound(`There is no order ${params.id}.`);
 * });
 *
 * @param message a sentence for the visitor. @default 'There is no page at this address.'
 */
export function notFound(message = 'There is no page at this address.'): NotFound {
  return new NotFound(message);
}

/** Throws what a page function returned instead of throwing it. Returns everything else. */
export function thrownOutcome<R>(result: R): R {
  if (result instanceof Redirect || result instanceof NotFound) throw result;
  return result;
}
