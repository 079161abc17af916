import { Element, type ElementOptions } from '../element.ts';

/** Room between elements. */
export class Space extends Element {
  constructor(options?: ElementOptions) {
    super('space', {}, options);
  }
}

/**
 * Takes all free room of a row, column, header or footer, so that what follows stands at the far end.
 *
 * @example
 * ui.header(() => {
 *   ui.label('Orders');
 *   ui.space();
 *   ui.button('Sign out', signOut);
 * });
 */
export function space(options?: ElementOptions): Space {
  return new Space(options);
}
