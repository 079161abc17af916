import { Element, type ElementOptions, own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.timelineEntry`. */
export interface TimelineEntryOptions extends ElementOptions, Pick<LookOptions, 'color' | 'icon'> {
  /** When it happened, as it is shown. @default none */
  readonly subtitle?: string;
  /** A text below the title. @default none */
  readonly body?: string;
}

/** One event of a timeline. */
export class TimelineEntry extends Element {
  /** @internal */
  constructor(title: string, build?: () => void, options: TimelineEntryOptions = {}) {
    const { subtitle, body } = options;
    super(
      'timelineEntry',
      own<'timelineEntry'>({ title, ...(subtitle && { subtitle }), ...(body && { body }) }),
      options,
      title,
    );
    if (build) this.add(build);
  }
}

/**
 * Shows one event of a timeline.
 *
 * @example
 * ui.timelineEntry('Sent', undefined, { subtitle: '14 May', icon: 'local_shipping', color: 'success' });
 *
 * @param build makes elements below the text.
 */
export function timelineEntry(title: string, build?: () => void, options?: TimelineEntryOptions): TimelineEntry {
  return new TimelineEntry(title, build, options);
}
