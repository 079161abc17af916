import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Makes a part of a card, as wide as the card. In a `tight` card it has the room around it that the card lacks.
 *
 * @example
 * ui.card(
 *   () => {
 *     ui.image('/mountain.jpg', 'A mountain');
 *     ui.cardSection(() => ui.label('Above the clouds'));
 *     ui.cardActions(() => ui.button('Open', open));
 *   },
 *   { tight: true },
 * );
 *
 * @param build makes the elements inside, below each other.
 */
export function cardSection(build?: () => void, options?: ElementOptions): Container {
  return new Container('cardSection', build, options);
}
