import type { Json } from '../json.ts';
import type { Rules, Traits } from './kind.ts';

/** Questions over the page. A question stays until it is answered, or until no handler waits for the answer. */
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
}

export const overlayRules: Rules<OverlayKinds> = {
  confirm: { events: ['answer'] },
  prompt: { writes: ['value'], events: ['answer'] },
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
};

function typed(value: Json | undefined, { maxlength }: OverlayKinds['prompt']): string | undefined {
  if (typeof value !== 'string') return 'what is typed is text';
  if (maxlength === undefined || value.length <= maxlength) return undefined;
  return `the prompt takes at most ${maxlength} characters, not ${value.length}`;
}
