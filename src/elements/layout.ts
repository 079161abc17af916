import { slot } from '../tree/index.ts';
import { Element, own, ValueElement } from './element.ts';

/** An element that holds others. */
export class Container extends Element {
  constructor(kind: 'row' | 'column' | 'card', build?: () => void) {
    super(kind, {});
    if (build) this.add(build);
  }
}

export interface DialogOptions {
  /** Names the dialog for assistive technology. */
  readonly label?: string;
}

/** A window over the page, closed at first. */
export class Dialog extends ValueElement<boolean> {
  constructor(build?: () => void, options: DialogOptions = {}) {
    super('dialog', own<'dialog'>({ open: false, ...(options.label && { label: options.label }) }), false, 'open');
    if (build) this.add(build);
  }

  open(): void {
    this.value = true;
  }

  close(): void {
    this.value = false;
  }
}

/** Panels of which one is shown, chosen by tabs with their names. */
export class Tabs extends ValueElement<string> {
  constructor(panels: Readonly<Record<string, () => void>>) {
    const names = Object.keys(panels);
    const [first] = names;
    if (first === undefined) throw new TypeError('ui.tabs needs at least one panel, as in { Mails: () => … }.');
    super('tabs', own<'tabs'>({ value: first, tabs: names.map((name) => ({ value: name, text: name })) }), first);
    for (const name of names) this.add(() => panel(panels[name] as () => void));
  }
}

function panel(build: () => void): void {
  const column = new Container('column');
  const into = slot.require('ui.tabs');
  slot.run({ node: column.node, structural: into.structural }, build);
}
