import type { JsonObject } from '../protocol/index.ts';
import { slot } from '../tree/index.ts';
import { own, ValueElement } from './element.ts';
import { type PageHost, pageHost } from './page-host.ts';

/** The event of a page that a browser begins to show. No browser can send it. */
export const connectEvent = '~connect';
/** The event of a page that no browser shows any more. */
export const disconnectEvent = '~disconnect';

/** What a browser says of its visitor. */
export interface VisitorFacts extends JsonObject {
  /** Language tag, such as `de-CH`. */
  readonly locale: string;
  /** Name of the time zone, such as `Europe/Zurich`. */
  readonly timeZone: string;
  /** True when the browser itself has said so. */
  readonly said: boolean;
}

/** What is known of a page's visitor: from the headers at first, then from the browser. It is durable. */
export class PageVisitor {
  readonly #host: PageHost;
  #facts: { value: VisitorFacts } | undefined;
  #visibility: Visibility | undefined;

  constructor(host: PageHost) {
    this.#host = host;
  }

  /** The facts. The first read in a page function has the browser say them. */
  get facts(): VisitorFacts {
    const { tree } = this.#host;
    if (!this.#facts) {
      const guess = guessed(this.#host.headers, this.#host.timeZone);
      if (!tree.constructing || tree.isDryRun) return guess;
      const state = this.#host.state({ node: tree.root, structural: true }, guess, '~page.locale, page.timeZone');
      this.#facts = state;
      this.#inRoot(() => new ValueElement<VisitorFacts>('visitor', {}, state));
    }
    return this.#facts.value;
  }

  /** Calls the handler when the page comes into view, or with false when it leaves it. */
  sees(seen: boolean, handler: () => unknown): void {
    this.#visibility ??= this.#inRoot(() => new Visibility());
    this.#visibility.hear(seen, handler);
  }

  #inRoot<T>(make: () => T): T {
    return slot.run({ node: this.#host.tree.root, structural: true }, () => pageHost.run(this.#host, make));
  }
}

/** Whether the visitor sees the page. Its `value` is what the browser has said last. */
class Visibility extends ValueElement<boolean> {
  constructor() {
    super('visibility', own<'visibility'>({ value: true }), true);
  }

  hear(seen: boolean, handler: () => unknown): void {
    this.listen('value', ({ value }) => (value === seen ? handler() : undefined), 'parallel', handler);
  }
}

/** Returns what headers say of a visitor. */
function guessed(headers: Headers, timeZone: string | undefined): VisitorFacts {
  const [first = ''] = (headers.get('accept-language') ?? '').split(/[,;]/);
  return { locale: isLocale(first.trim()) ? first.trim() : 'en', timeZone: timeZone ?? 'UTC', said: false };
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
