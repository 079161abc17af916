import type { Rules, Traits } from './kind.ts';
import type { Look } from './look.ts';

/** How many columns or rows of equal size, or a CSS template. */
export type Columns = number | string;

/** One of several panels: the value while it is visible, and what names it. */
export interface Panel {
  readonly value: string;
  readonly text: string;
  readonly icon?: string;
}

/** Elements that arrange other elements. */
export interface LayoutKinds {
  row: object;
  column: object;
  card: { readonly tight?: boolean };
  /** A part of a card, as wide as the card. */
  cardSection: object;
  /** The buttons of a card. */
  cardActions: object;
  /** `columns` for all windows, or for five widths, the narrowest first. */
  grid: { readonly columns?: Columns | readonly Columns[]; readonly rows?: Columns };
  /** All free room of a row or column. */
  space: object;
  /** Shows one of several parts by the address of the page. */
  subPages: object;
  /** Shows and hides its children. Sends `value` with true or false. One of a `group` is open. */
  expansion: {
    readonly text: string;
    readonly value: boolean;
    readonly caption?: string;
    readonly group?: string;
  } & Pick<Look, 'icon'>;
  itemList: {
    readonly bordered?: boolean;
    readonly separator?: boolean;
    readonly dense?: boolean;
    readonly label?: string;
  };
  item: { readonly text: string };
  /** Items that a person puts in another order. */
  sortable: { readonly label?: string };
  /** Sends `move` with the number of another item, and true to stand behind it or false to stand before it. */
  sortableItem: { readonly name: string };
  itemSection: { readonly side?: 'start' | 'end' };
  itemLabel: { readonly text: string; readonly caption?: boolean; readonly header?: boolean };
  /** An HTML element of an allow-list, with a text before its children. */
  element: { readonly tag: string; readonly text?: string };
  /** A line between other elements; `vertical` between elements beside each other. */
  separator: { readonly vertical?: boolean };
  /** Content that scrolls. With `reports` it sends `scroll` with six numbers. Has the method `scrollTo`. */
  scrollArea: { readonly label?: string; readonly reports?: boolean };
  /** Two children with a line between them. Sends `value` with the size of the first one in percent. */
  splitter: {
    readonly value: number;
    readonly min: number;
    readonly max: number;
    readonly name: string;
    readonly horizontal?: boolean;
  };
  /** Has one child for each step. Sends `value` with the value of a step when it is `navigable`. */
  stepper: {
    readonly value: string;
    readonly steps: readonly Panel[];
    readonly vertical?: boolean;
    readonly navigable?: boolean;
  };
  /** Has one child for each of the `slides`. Sends `value` with the index of the one that is seen. */
  carousel: {
    readonly value: number;
    readonly slides: number;
    readonly name: string;
    readonly arrows?: boolean;
    readonly navigation?: boolean;
  };
  /** Has one child for each tab. Sends `value` with the value of one of the tabs. */
  tabs: { readonly value: string; readonly tabs: readonly Panel[]; readonly vertical?: boolean };
  /** Sends `open` with false when the user has closed it, unless it is `persistent`. */
  dialog: {
    readonly open: boolean;
    readonly label?: string;
    readonly persistent?: boolean;
    readonly maximized?: boolean;
  };
}

export const layoutRules: Rules<LayoutKinds> = {
  expansion: { writes: ['value'] },
  tabs: { writes: ['value'] },
  sortableItem: { events: ['move'] },
  scrollArea: { events: ['scroll'] },
  splitter: { writes: ['value'] },
  stepper: { writes: ['value'] },
  carousel: { writes: ['value'] },
  dialog: { writes: ['open'] },
};

export const layoutTraits: Traits<LayoutKinds> = {
  row: { core: true },
  column: { core: true },
  card: {},
  cardSection: {},
  cardActions: {},
  grid: {},
  space: {},
  subPages: {},
  expansion: {
    click: ({ value }) => ['value', !value],
    reveals: ({ value }) => value,
    texts: ({ text, caption }) => [text, caption],
    checks: { value: (value) => (typeof value === 'boolean' ? undefined : 'an expansion is open or closed') },
  },
  itemList: {},
  item: {},
  sortable: { texts: ({ label }) => [label] },
  sortableItem: {
    internal: 'made by sortable',
    texts: ({ name }) => [name],
    checks: {
      move: (value) =>
        Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[0]) && typeof value[1] === 'boolean'
          ? undefined
          : 'a move names another item and a side of it',
    },
  },
  itemSection: {},
  itemLabel: {},
  element: {},
  separator: {},
  scrollArea: {
    checks: {
      scroll: (value) =>
        Array.isArray(value) && value.length === 6 && value.every((part) => Number.isFinite(part))
          ? undefined
          : 'a position has six numbers',
    },
  },
  splitter: {
    texts: ({ name }) => [name],
    checks: {
      value: (value, { min, max }) =>
        typeof value === 'number' && value >= min && value <= max ? undefined : `the size is from ${min} to ${max}`,
    },
  },
  stepper: {
    choices: ({ steps, navigable }) => (navigable ? steps : []),
    reveals: ({ steps, value }, index) => steps.findIndex((step) => step.value === value) === index,
    checks: {
      value(value, { steps, navigable }) {
        if (!navigable) return 'the buttons of a step lead to another one';
        return steps.some((step) => step.value === value) ? undefined : 'the value is none of the steps';
      },
    },
  },
  carousel: {
    texts: ({ name }) => [name],
    reveals: ({ value }, index) => value === index,
    checks: {
      value: (value, { slides }) =>
        Number.isInteger(value) && (value as number) >= 0 && (value as number) < slides
          ? undefined
          : `the value is from 0 to ${slides - 1}`,
    },
  },
  tabs: {
    choices: ({ tabs }) => tabs,
    reveals: ({ tabs, value }, index) => tabs.findIndex((tab) => tab.value === value) === index,
    checks: {
      value: (value, { tabs }) =>
        tabs.some((tab) => tab.value === value) ? undefined : 'the value is none of the tabs',
    },
  },
  dialog: {
    reveals: ({ open }) => open,
    checks: {
      open: (value, { persistent }) => {
        if (value !== false) return 'a browser can only close a dialog';
        return persistent ? 'only a handler closes a persistent dialog' : undefined;
      },
    },
  },
};
