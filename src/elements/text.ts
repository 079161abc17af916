import { type MaybeReactive, read, untracked } from '../reactive/index.ts';
import type { WhileRunning } from '../tree/index.ts';
import { Element, type Handler, own, TextElement } from './element.ts';

/** A line of text; line breaks show with the class `whitespace-pre-wrap`. */
export class Label extends TextElement {
  constructor(text: MaybeReactive<string | number>) {
    super('label', own<'label'>({ text: String(untracked(() => read(text))) }));
    if (typeof text !== 'string' && typeof text !== 'number') this.text = text;
  }
}

export interface ButtonOptions {
  /** daisyUI's name of a colour. Default `primary`. */
  readonly color?: 'primary' | 'secondary' | 'accent' | 'neutral' | 'info' | 'success' | 'warning' | 'error' | 'ghost';
  /** What a second click does while the handler runs. Default `parallel`. */
  readonly whileRunning?: WhileRunning;
}

/** A button; it carries `aria-busy` while a handler of it runs. */
export class Button extends TextElement {
  constructor(text: MaybeReactive<string | number>, onClick?: Handler<Button>, options: ButtonOptions = {}) {
    const { color, whileRunning } = options;
    super('button', own<'button'>({ text: String(untracked(() => read(text))), ...(color && { color }) }));
    if (typeof text !== 'string' && typeof text !== 'number') this.text = text;
    if (onClick) this.on('click', onClick as Handler<this>, whileRunning ? { whileRunning } : {});
  }

  /** Adds a handler of the click. */
  onClick(handler: Handler<this>, whileRunning?: WhileRunning): this {
    return this.on('click', handler, whileRunning ? { whileRunning } : {});
  }
}

export interface LinkOptions {
  /** Opens in a new tab. Default false. */
  readonly newTab?: boolean;
}

/** A link to a page of the application or to any http, https, mailto or tel address. */
export class Link extends TextElement {
  constructor(text: MaybeReactive<string | number>, href: MaybeReactive<string>, options: LinkOptions = {}) {
    const first = untracked(() => read(href));
    super(
      'link',
      own<'link'>({
        text: String(untracked(() => read(text))),
        href: first,
        ...(options.newTab && { target: '_blank' }),
      }),
    );
    if (typeof text !== 'string' && typeof text !== 'number') this.text = text;
    if (typeof href !== 'string') this.href = href;
  }

  get href(): string {
    return this.node.tree.value(this.node, 'href') as string;
  }

  set href(href: MaybeReactive<string>) {
    this.bind('href', href);
  }
}

export interface ImageOptions {
  /** What the picture shows, for who cannot see it. Default '' (a decoration). */
  readonly alt?: string;
}

/** A picture by its address. */
export class Image extends Element {
  constructor(src: MaybeReactive<string>, options: ImageOptions = {}) {
    super('image', own<'image'>({ src: untracked(() => read(src)), alt: options.alt ?? '' }));
    if (typeof src !== 'string') this.src = src;
  }

  get src(): string {
    return this.node.tree.value(this.node, 'src') as string;
  }

  set src(src: MaybeReactive<string>) {
    this.bind('src', src);
  }
}

export interface LogOptions {
  /** Lines kept; older ones give way to a line that counts them. Default 1,000, at most 10,000. */
  readonly max?: number;
}

/** Lines of output, the newest at the end. */
export class Log extends Element {
  constructor(options: LogOptions = {}) {
    const { max = 1_000 } = options;
    if (!Number.isInteger(max) || max < 1 || max > 10_000) {
      throw new RangeError(`A log keeps 1 to 10,000 lines, not ${max}.`);
    }
    super('log', own<'log'>({ lines: [], max, total: 0 }));
  }

  get lines(): readonly string[] {
    const { lines, total } = this.node.props as { lines: readonly string[]; total: number };
    // Lines are only ever added: those of then are all but the last ones.
    const since = total - (this.node.tree.value(this.node, 'total') as number);
    return since > 0 ? lines.slice(0, -since) : lines;
  }

  /**
   * Shows what a signal holds, one line for each item, such as the output of a shared job: `ui.log().follow(job.chunks)`. What is
   * appended to the list travels alone. Call it in the page function, and push nothing besides. An array with a `first`, the number
   * of its first item, may drop old ones: lines stay as long as `max` allows.
   */
  follow(source: MaybeReactive<readonly unknown[] & { readonly first?: number }>): this {
    const { node } = this;
    return this.track(
      'lines',
      () => read(source),
      (items) => node.tree.follow(node, items.map(String), (items.first ?? 0) + items.length),
    );
  }

  /** Appends lines; a text with line breaks is several. */
  push(...lines: unknown[]): this {
    this.node.tree.append(
      this.node,
      lines.flatMap((line) => String(line).split('\n')),
    );
    return this;
  }
}
