/** The place of a state that was given no name: its variable, or '' where none is known, and the count in its slot. */
export interface Counted {
  readonly group: string;
  readonly order: number;
}

/** Returns the name in the cells of a state that was given none. */
export function countedName({ group, order }: Counted): string {
  return group === '' ? `~${order}` : `~${group}.${order}`;
}

/** Returns what {@link countedName} was made of, or undefined for a name that the author gave. */
export function parseCountedName(name: string): Counted | undefined {
  const [, group = '', order] = /^~(?:([^.]+)\.)?(\d+)$/.exec(name) ?? [];
  return order === undefined ? undefined : { group, order: Number(order) };
}

/** Returns the start of an error sentence about a state, in the words of the author. */
export function describeState(name: string): string {
  // Without the sign of a state that the framework has made.
  const shown = parseCountedName(name)?.group ?? name.replace(/^~/, '');
  return shown === '' ? 'A state' : `The state ${JSON.stringify(shown)}`;
}

/** A letter for the type of the first value of each state that was given no name, by variable and in their order. */
export class StateTypes {
  readonly #letters = new Map<string, string>();
  #text: string | undefined;

  /** @param text of the cell `KEY.t`: the letters of the states without a variable, then `;NAME=LETTERS` for each variable. */
  constructor(text = '') {
    // Most are made for a slot of which nothing is stored.
    if (text === '') return;
    for (const part of text.split(';')) {
      const at = part.indexOf('=');
      this.#letters.set(part.slice(0, Math.max(0, at)), part.slice(at + 1));
    }
  }

  /** The text of the cell. Made once, because each write of a state reads it. */
  get text(): string {
    if (this.#text === undefined) {
      this.#text = this.#letters.get('') ?? '';
      for (const [name, letters] of this.#letters) if (name !== '') this.#text += `;${name}=${letters}`;
    }
    return this.#text;
  }

  of({ group, order }: Counted): string | undefined {
    return this.#letters.get(group)?.[order];
  }

  set({ group, order }: Counted, letter: string): void {
    this.#letters.set(group, (this.#letters.get(group) ?? '').slice(0, order) + letter);
    this.#text = undefined;
  }

  /** Returns false when a variable, or no variable, has another number of states than before: each may be another one. */
  isSameCount(now: StateTypes, { group }: Counted): boolean {
    const before = this.#letters.get(group);
    return !before || before.length === now.#letters.get(group)?.length;
  }
}
