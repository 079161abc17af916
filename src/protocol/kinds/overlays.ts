import type { Json } from '../json.ts';
import type { Rules, Traits } from './kind.ts';
import type { Look } from './look.ts';

/** Parts over the page, of the element around them, and questions. A question stays until it is answered, or until no handler waits for the answer. */
export interface OverlayKinds {
  /** Sends `answer` with true or false. */
  confirm: { readonly text: string; readonly ok: string; readonly cancel: string; readonly danger?: boolean };
  /** Sends `value` with the typed text, and `answer` with the text, or null. */
  prompt: {
    readonly text: string;
    readonly value: string;
    readonly ok: string;
    readonly cancel: string;
    readonly placeholder?: string;
    readonly maxlength?: number;
  };
  /** Opens by a click on the element around it. Has the methods `open`, `close` and `toggle`. */
  menu: { readonly label?: string };
  /** Opens at the pointer. Has the same methods. */
  contextMenu: { readonly label?: string };
  /** Closes its menu when it is clicked, unless it `stays`. */
  menuItem: { readonly text: string; readonly stays?: boolean } & Pick<Look, 'icon'>;
  /** Shows while the pointer or the focus is on the element around it. */
  tooltip: { readonly text: string };
}

export const overlayRules: Rules<OverlayKinds> = {
  confirm: { events: ['answer'] },
  prompt: { writes: ['value'], events: ['answer'] },
  menu: { attached: true },
  contextMenu: { attached: true },
  tooltip: { attached: true },
};

export const overlayTraits: Traits<OverlayKinds> = {
  confirm: {
    texts: ({ text, ok, cancel }) => [text, ok, cancel],
    checks: { answer: (value) => (typeof value === 'boolean' ? undefined : 'the answer is true or false') },
  },
  prompt: {
    typed: true,
    texts: ({ text, placeholder, ok, cancel }) => [text, placeholder, ok, cancel],
    checks: {
      value: typed,
      answer: (value, props) => (value === null ? undefined : typed(value, props)),
    },
  },
  menu: {},
  contextMenu: {},
  menuItem: {},
  tooltip: {},
};

function typed(value: Json | undefined, { maxlength }: OverlayKinds['prompt']): string | undefined {
  if (typeof value !== 'string') return 'what is typed is text';
  if (maxlength === undefined || value.length <= maxlength) return undefined;
  return `the prompt takes at most ${maxlength} characters, not ${value.length}`;
}
