import type { Panel as PanelProps } from '../protocol/index.ts';
import { slot } from '../tree/index.ts';
import { checkBuild } from './build-given.ts';
import { entriesOf } from './choices.ts';
import { Container } from './container.ts';
import { iconName } from './icon-names.ts';

/** A panel with more than a text: an icon, or a value that differs from the text. */
export interface Panel {
  /** The text that names the panel. */
  readonly text: string;
  /** The value while the panel is visible. @default the text */
  readonly value?: string;
  /** Name of an icon before the text, in Lucide or Material. @default none */
  readonly icon?: string;
  /** Makes the elements of the panel. */
  readonly build: () => void;
}

/**
 * Panels in their order: pairs of a text and its function, panels with an icon or a value, or functions by text in a Map or an
 * object. JavaScript sorts the numeric keys of an object, so use pairs for numbers.
 */
export type Panels =
  | readonly (Panel | readonly [text: string, build: () => void])[]
  | ReadonlyMap<string, () => void>
  | Readonly<Record<string, () => void>>;

/**
 * Returns the panels as they travel, and their functions.
 *
 * @param what the name of the function for errors, such as `ui.tabs`.
 * @throws {TypeError} when there is no panel, or two have the same value.
 */
export function panelsOf(
  what: string,
  panels: Panels,
): { readonly props: PanelProps[]; readonly builds: (() => void)[] } {
  const all = entries(what, panels);
  const values = all.map(({ value, text }) => value ?? text);
  if (all.length === 0) throw new TypeError(`${what} needs at least one panel, as in { Mails: () => … }.`);
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice !== undefined) {
    throw new TypeError(`Two panels of ${what} have the value ${JSON.stringify(twice)}. Give each a different value.`);
  }
  return {
    props: all.map(({ text, icon }, index) => ({
      value: values[index] as string,
      text,
      ...(icon && { icon: iconName(icon) }),
    })),
    builds: all.map(({ build }) => build),
  };
}

/** Makes a panel: a column with the elements of `build`. */
export function buildPanel(what: string, build: () => void): void {
  checkBuild(what, build);
  const column = new Container('column');
  const { structural } = slot.require(what);
  return slot.run({ node: column.node, structural }, build);
}

function entries(what: string, panels: Panels): readonly Panel[] {
  if (Array.isArray(panels)) {
    return (panels as readonly (Panel | [string, () => void])[]).map((one) =>
      Array.isArray(one) ? { text: String(one[0]), build: one[1] } : one,
    );
  }
  const named = entriesOf(what, panels as ReadonlyMap<string, () => void> | Readonly<Record<string, () => void>>);
  return named.map(([text, build]) => ({ text: String(text), build }));
}
