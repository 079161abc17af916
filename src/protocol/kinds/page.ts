import type { Json, JsonObject } from '../json.ts';
import type { ThemeColors } from '../theme.ts';
import { isObject, type Rules, type Traits } from './kind.ts';

/** The page itself, and its invisible nodes. */
export interface PageKinds {
  /**
   * Sends `done` with the number of a command when it begins it. `styles` is the address of the style sheet: a new one replaces the old one without loading the page again. `status` is that of
   * the document. `path` is the address that sub pages show.
   */
  root: {
    readonly title?: string;
    readonly lang?: string;
    readonly styles?: string;
    readonly status?: number;
    readonly path?: string;
  };
  /** A group of nodes without an HTML element of its own. `each`, `show` and `region` make it. */
  fragment: object;
  /** An invisible node that runs a function on the server repeatedly. */
  timer: object;
  /** An invisible node that sets the theme of the document: dark, light, or by the system for null. The browser says when the system is dark. */
  darkMode: { readonly value: boolean | null; readonly system?: boolean };
  /** An invisible node that replaces colours of the theme. */
  colors: { readonly colors: ThemeColors };
  /** An invisible node that sends `key` for each key that a person presses in the page. */
  keyboard: {
    readonly repeating?: boolean;
    readonly ignore?: readonly string[];
    readonly keys?: readonly string[];
    readonly keyup?: boolean;
  };
  /** An invisible node that sends `event` with the detail of each custom event of this name in the document. */
  pageEvent: { readonly name: string };
  /** An invisible node that gives its classes, style and attributes to what the selector finds. */
  query: { readonly selector: string };
  /** An invisible node with the language and the time zone of the browser, which says them. */
  visitor: { readonly value: { readonly locale: string; readonly timeZone: string; readonly said: boolean } };
  /** An invisible node that says whether the visitor sees the page, and when that changes. */
  visibility: { readonly value: boolean };
  /** A component of the author's client module, with its props in `given`. Sends `said` with an `event` of `events` and its `value`. */
  component: {
    readonly name: string;
    readonly label: string;
    readonly given: JsonObject;
    readonly events: readonly string[];
  };
  /**
   * Calls a function of the author's client module, or with `node` a method of an element's component, and sends `answer` with
   * its `value` or `error`.
   */
  call: { readonly name: string; readonly args: readonly Json[]; readonly node?: number };
}

export const pageRules: Rules<PageKinds> = {
  root: { events: ['done'] },
  keyboard: { events: ['key'] },
  pageEvent: { events: ['event'] },
  call: { events: ['answer'] },
  component: { events: ['said'] },
  darkMode: { writes: ['system'] },
  visitor: { writes: ['value'] },
  visibility: { writes: ['value'] },
};

export const pageTraits: Traits<PageKinds> = {
  root: {
    core: true,
    internal: 'every page has one',
    checks: { done: (value) => (Number.isSafeInteger(value) ? undefined : 'a command has a number') },
  },
  fragment: { core: true, internal: 'made by each, show and region' },
  timer: { core: true, visible: false },
  darkMode: {
    visible: false,
    checks: { system: (value) => (typeof value === 'boolean' ? undefined : 'a system is dark or not') },
  },
  colors: { visible: false },
  keyboard: {
    visible: false,
    checks: {
      key: (value) => {
        if (!isObject(value)) return 'a key is an object';
        const { key, code, held = '' } = value;
        const texts = [key, code, held].every((text) => typeof text === 'string' && text.length <= 32);
        return texts ? undefined : 'a key has short texts for key, code and held';
      },
    },
  },
  // The author's own guard decides, because the author's own script sends it.
  pageEvent: { visible: false, checks: { event: () => undefined } },
  query: { visible: false },
  visitor: {
    internal: 'made by page.locale and page.timeZone',
    visible: false,
    checks: {
      value: (value) => {
        if (!isObject(value)) return 'a visitor is an object';
        const { locale, timeZone, said, ...others } = value;
        const plain = typeof locale === 'string' && typeof timeZone === 'string' && said === true;
        if (!plain || Object.keys(others).length > 0) return 'a visitor has a language and a time zone';
        return isKnown(locale, timeZone) ? undefined : 'the language or the time zone does not exist';
      },
    },
  },
  visibility: {
    internal: 'made by page.onShow and page.onHide',
    visible: false,
    checks: { value: (value) => (typeof value === 'boolean' ? undefined : 'a page is seen or not') },
  },
  component: {
    texts: ({ label }) => [label],
    checks: {
      said: (value, { events }) => {
        if (!isObject(value) || typeof value.event !== 'string')
          return 'what a component says has the name of an event';
        return events.includes(value.event) ? undefined : 'nothing hears such an event of the component';
      },
    },
  },
  call: {
    internal: 'made by page.call',
    visible: false,
    checks: {
      answer: (value) =>
        isObject(value) && ('value' in value || typeof value.error === 'string')
          ? undefined
          : 'an answer has a value or an error',
    },
  },
};

function isKnown(locale: string, timeZone: string): boolean {
  try {
    return locale.length <= 64 && timeZone.length <= 64 && Boolean(new Intl.DateTimeFormat(locale, { timeZone }));
  } catch {
    return false;
  }
}
