import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Makes the last part of a card, with its buttons beside each other.
 *
 * @example
 * ui.card(() => {
 *   ui.label('Delete the draft?');
 *   ui.cardActions(() => {
 *     ui.button('Delete', remove, { color: 'error' });
 *     ui.button('Cancel', close, { variant: 'ghost' });
 *   });
 * });
 *
 * @param build makes the elements inside.
 */
export function cardActions(build?: () => void, options?: ElementOptions): Container {
  return new Container('cardActions', build, options);
}
