import type { Rules, Traits } from './kind.ts';

/** Elements that arrange other elements. */
export interface LayoutKinds {
  row: object;
  column: object;
  card: object;
  /** A line between other elements; `vertical` between elements beside each other. */
  separator: { readonly vertical?: boolean };
  /** Has one child for each tab. Sends `value` with the value of one of the tabs. */
  tabs: { readonly value: string; readonly tabs: readonly { readonly value: string; readonly text: string }[] };
  /** Sends `open` with false when the user has closed it. */
  dialog: { readonly open: boolean; readonly label?: string };
}

export const layoutRules: Rules<LayoutKinds> = {
  tabs: { writes: ['value'] },
  dialog: { writes: ['open'] },
};

export const layoutTraits: Traits<LayoutKinds> = {
  row: { core: true },
  column: { core: true },
  card: { core: true },
  separator: {},
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
    checks: { open: (value) => (value === false ? undefined : 'a browser can only close a dialog') },
  },
};
