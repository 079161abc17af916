import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';
import { buildPanel, type Panels, panelsOf } from '../panels.ts';

/** Options of `ui.tabs`. */
export interface TabsOptions extends ElementOptions {
  /** The visible panel: its value, or a signal that it is bound to in both directions. @default the first panel */
  readonly value?: MaybeReactive<string>;
  /** True shows the tabs below each other, at the left of the panel. @default false */
  readonly vertical?: boolean;
  /** Called after the user has chosen a tab. @default none */
  readonly onChange?: (value: string) => unknown;
}

/** Panels, of which one is visible. The `value` is that of the visible panel: its text, unless it has a value of its own. */
export class Tabs extends ValueElement<string> {
  constructor(panels: Panels, options: TabsOptions = {}) {
    const { props: tabs, builds } = panelsOf('ui.tabs', panels);
    const { value = tabs[0]?.value as string, vertical, onChange } = options;
    super('tabs', own<'tabs'>({ value: '', tabs, ...(vertical && { vertical }) }), value, options);
    if (onChange) this.onChange((event) => onChange(event.value));
    for (const build of builds) this.add(() => buildPanel('ui.tabs', build));
  }
}

/**
 * Shows one of several panels. The user chooses it by a tab, also with the arrow keys (APG: tabs). All panels are built.
 *
 * @example
 * ui.tabs({
 *   Mails: () => ui.label('3 new mails'),
 *   Settings: () => ui.checkbox('Notify me'),
 * }).onChange(({ value }) => ui.notify(value));
 *
 * @example
 * ui.tabs(
 *   [
 *     { text: 'Home', icon: 'home', build: home },
 *     { text: 'About', icon: 'info', build: about },
 *   ],
 *   { vertical: true },
 * );
 *
 * @param panels functions that make the panels, by the texts of their tabs.
 * @throws {TypeError} when there is no panel, or two have the same value.
 */
export function tabs(panels: Panels, options?: TabsOptions): Tabs {
  return new Tabs(panels, options);
}
