import { notReadingOnce } from '../../reactive/index.ts';
import { Element, type ElementOptions } from '../element.ts';
import { type NotFoundBuilder, type SubPageBuilder, SubPageOutlet } from '../outlet.ts';

/** Sub pages by their patterns. The type of the parameters comes from the pattern. */
export type SubPageRoutes<Routes> = { readonly [Pattern in keyof Routes]: SubPageBuilder<Pattern & string> };

/** Options of `ui.subPages`. */
export interface SubPagesOptions extends ElementOptions {
  /**
   * Describes what stands in the place of a sub page that does not exist.
   *
   * @default a heading, a sentence and a link to the start
   */
  readonly notFound?: NotFoundBuilder;
}

/** Shows one of several sub pages by the address. */
export class SubPages extends Element {
  constructor(routes: Readonly<Record<string, SubPageBuilder>>, options: SubPagesOptions = {}) {
    super('subPages', {}, options);
    if (!this.tree.constructing) {
      throw new TypeError(
        'ui.subPages was called in a handler. Call it in a page function, where it can be made again.',
      );
    }
    // What the outlet itself reads and sets is not the page function's.
    notReadingOnce(() => new SubPageOutlet(this.node, routes, options.notFound));
  }
}

/**
 * Shows one of several sub pages, by the address of the page. Links and `ui.navigate` between them change this part alone: what
 * stands around it stays, with its state. A sub page that was left keeps its state, input and open handlers for the way back. Sub
 * pages may be nested; patterns are relative to the one around. Register the page under a pattern that ends with `/*`.
 *
 * @example
 * app.page('/shop/*', () => {
 *   ui.header(() => ui.link('All items', '/shop'));
 *   ui.subPages({
 *     '/': () => ui.link('Item 7', '/shop/item/7'),
 *     '/item/:id': ({ params }) => ui.label(`Item ${params.id}`),
 *   });
 * });
 *
 * @param routes functions that describe the sub pages, by pattern. A function may throw `notFound()` and `redirect()`. A page
 *   with an async one is built anew when the user goes there.
 * @throws {TypeError} in a handler.
 */
export function subPages<const Routes extends Readonly<Record<string, unknown>>>(
  routes: Routes & SubPageRoutes<Routes>,
  options?: SubPagesOptions,
): SubPages {
  return new SubPages(routes as unknown as Readonly<Record<string, SubPageBuilder>>, options);
}
