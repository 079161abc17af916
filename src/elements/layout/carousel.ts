import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';
import { buildPanel } from '../panels.ts';

/** Options of `ui.carousel`. */
export interface CarouselOptions extends ElementOptions {
  /** Index of the visible slide: a value, or a signal that it is bound to in both directions. @default 0 */
  readonly value?: MaybeReactive<number>;
  /** False shows no buttons for the previous and the next slide. @default true */
  readonly arrows?: boolean;
  /** False shows no button for each slide. @default true */
  readonly navigation?: boolean;
  /** Names the carousel for assistive technology. @default 'Slides' */
  readonly label?: string;
  /** Called after the user has gone to another slide. @default none */
  readonly onChange?: (value: number) => unknown;
}

/** Slides, of which one is visible. The `value` is its index. */
export class Carousel extends ValueElement<number> {
  constructor(slides: readonly (() => void)[], options: CarouselOptions = {}) {
    if (slides.length === 0) throw new TypeError('ui.carousel needs at least one slide, as in [() => ui.label(…)].');
    const { value = 0, arrows, navigation, label = 'Slides', onChange } = options;
    const flags = { ...(arrows === false && { arrows }), ...(navigation === false && { navigation }) };
    super('carousel', own<'carousel'>({ value: 0, slides: slides.length, name: label, ...flags }), value, options);
    if (onChange) this.onChange((event) => onChange(event.value));
    for (const build of slides) this.add(() => buildPanel('ui.carousel', build));
  }

  /** Goes to the next slide, after the last one to the first. */
  next(): void {
    this.value = (this.value + 1) % this.get<number>('slides');
  }

  /** Goes to the previous slide, before the first one to the last. */
  previous(): void {
    const slides = this.get<number>('slides');
    this.value = (this.value + slides - 1) % slides;
  }
}

/**
 * Shows one of several slides. The user swipes, scrolls, or uses the buttons (APG: carousel).
 *
 * @example
 * ui.carousel([() => ui.image('/one.jpg', { alt: 'The lake' }), () => ui.image('/two.jpg', { alt: 'The forest' })]);
 *
 * @param slides functions that make the slides.
 * @throws {TypeError} when there is no slide.
 */
export function carousel(slides: readonly (() => void)[], options?: CarouselOptions): Carousel {
  return new Carousel(slides, options);
}
