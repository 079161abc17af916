import { type Markup, markupText } from '../markup.ts';
import type { Traits } from './kind.ts';
import type { Look } from './look.ts';

/** Elements that a person reads, looks at or follows. */
export interface TextKinds {
  label: { readonly text: string };
  heading: { readonly text: string; readonly level: 1 | 2 | 3 | 4 | 5 | 6 };
  /** HTML of an allow-list, as the server has read it. */
  html: { readonly content: readonly Markup[] };
  /** A text in Markdown, with one child for each of its blocks. */
  markdown: object;
  markdownBlock: { readonly content: readonly Markup[] };
  /** Highlighted code; without a button that copies it when `copy` is false. */
  code: { readonly content: readonly Markup[]; readonly copy?: boolean };
  /** A mask in the colour of the text. `label` says what it means. */
  icon: { readonly label?: string } & Pick<Look, 'icon' | 'color' | 'size'>;
  badge: { readonly text: string } & Pick<Look, 'variant' | 'color' | 'size' | 'icon' | 'round'>;
  /** A picture, or the icon, or the initials of the name. */
  avatar: { readonly name: string; readonly src?: string; readonly square?: boolean } & Pick<
    Look,
    'color' | 'size' | 'icon'
  >;
  /** A message of a conversation; `sent` ones are the reader's own. */
  chatMessage: {
    readonly text: string;
    readonly name?: string;
    readonly stamp?: string;
    readonly avatar?: string;
    readonly sent?: boolean;
  } & Pick<Look, 'color'>;
  /** Has one `timelineEntry` for each event. */
  timeline: object;
  timelineEntry: { readonly title: string; readonly subtitle?: string; readonly body?: string } & Pick<
    Look,
    'color' | 'icon'
  >;
  /** `current` is true for a link to the page that shows it. */
  link: { readonly text: string; readonly href: string; readonly target?: string; readonly current?: boolean };
  /** A place that a link with `#NAME` leads to. */
  linkTarget: { readonly name: string };
  /** Another `version` loads it again. */
  image: {
    readonly src: string;
    readonly alt: string;
    readonly fit?: 'contain' | 'cover' | 'fill' | 'none' | 'scale-down';
    readonly lazy?: boolean;
    readonly version?: number;
  };
  /** `lines` has the newest `max` lines; `total` counts all lines ever pushed. */
  log: { readonly lines: readonly string[]; readonly max: number; readonly total: number };
}

export const textTraits: Traits<TextKinds> = {
  label: { core: true },
  heading: {},
  html: { texts: ({ content }) => [markupText(content)] },
  markdown: {},
  markdownBlock: { internal: 'made by markdown', texts: ({ content }) => [markupText(content)] },
  code: { texts: ({ content }) => [markupText(content)] },
  icon: {},
  badge: {},
  avatar: { texts: ({ name }) => [name] },
  chatMessage: { texts: ({ text, name, stamp }) => [text, name, stamp] },
  timeline: {},
  timelineEntry: { texts: ({ title, subtitle, body }) => [title, subtitle, body] },
  link: {},
  linkTarget: { texts: () => [] },
  image: {},
  log: { texts: ({ lines }) => lines },
};
