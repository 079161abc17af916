import { slot } from '../../tree/index.ts';
import { Container } from '../container.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';

/** Panels, of which one is visible. The `value` is the name of the visible panel. */
export class Tabs extends ValueElement<string> {
  constructor(panels: Readonly<Record<string, () => void>>, options?: ElementOptions) {
    const names = Object.keys(panels);
    const [first] = names;
    if (first === undefined) throw new TypeError('ui.tabs needs at least one panel, as in { Mails: () => … }.');
    const tabs = names.map((name) => ({ value: name, text: name }));
    super('tabs', own<'tabs'>({ value: first, tabs }), first, options);
    for (const name of names) this.add(() => panel(panels[name] as () => void));
  }
}

function panel(build: () => void): void {
  const column = new Container('column');
  const into = slot.require('ui.tabs');
  return slot.run({ node: column.node, structural: into.structural }, build);
}

/**
 * Shows one of several panels. The user chooses it by a tab with its name. All panels are built.
 *
 * @example
 * ui.tabs({
 *   Mails: () => ui.label('3 new mails'),
 *   Settings: () => ui.checkbox('Notify me'),
 * }).onChange(({ value }) => ui.notify(value));
 *
 * @param panels functions that make the panels, by the texts of their tabs.
 * @throws {TypeError} when there is no panel.
 */
export function tabs(panels: Readonly<Record<string, () => void>>, options?: ElementOptions): Tabs {
  return new Tabs(panels, options);
}
