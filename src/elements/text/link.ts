import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, TextElement } from '../element.ts';
import { firstOf } from '../first.ts';
import { leadsTo } from '../location.ts';
import { pageHost } from '../page-host.ts';
import { textOf } from '../text-of.ts';

/** Options of `ui.link`. */
export interface LinkOptions extends ElementOptions {
  /** True opens the address in a new tab. @default false */
  readonly newTab?: boolean;
}

/** A link to a page of the application or to any http, https, mailto or tel address. */
export class Link extends TextElement {
  constructor(text: MaybeReactive<string | number>, href: MaybeReactive<string>, options: LinkOptions = {}) {
    const first = firstOf(href, '', addressOf);
    super(
      'link',
      text,
      {
        href: first,
        ...currentAt(first),
        ...(options.newTab && { target: '_blank' }),
      },
      options,
      true,
    );
    if (typeof href !== 'string') this.href = href;
  }

  /**
   * Marks a link that leads to the shown page now.
   * @internal
   */
  protected override changed(prop: string): void {
    if (prop === 'href') this.tree.set(this.node, 'current', currentAt(this.href).current, 'passing');
  }

  /** The address of the link. */
  get href(): string {
    return this.get('href');
  }

  set href(href: MaybeReactive<string>) {
    this.bind('href', href, addressOf);
  }
}

function addressOf(href: string): string {
  return textOf('The address of ui.link', href);
}

/** Marks a link to the page that shows it. */
function currentAt(href: string): { readonly current?: true } {
  return leadsTo(href, pageHost.require('ui.link').location.at) ? { current: true } : {};
}

/**
 * Shows a link to a page of the application or to any http, https, mailto or tel address. Other addresses have no effect.
 *
 * @example
 * ui.link('All orders', '/orders');
 * ui.link('Manual', 'https://example.com/manual', { newTab: true });
 *
 * @param text the text, a signal of it, or a function that computes it.
 * @param href the address, likewise.
 */
export function link(text: MaybeReactive<string | number>, href: MaybeReactive<string>, options?: LinkOptions): Link {
  return new Link(text, href, options);
}
