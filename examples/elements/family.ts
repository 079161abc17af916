import type { PageContext } from 'edgewise';

/** An element at work, in a function small enough to copy. */
export interface Entry {
  /** What is shown, as a heading. */
  readonly name: string;
  readonly build: (page: PageContext) => unknown;
  /** True when it stands around the page instead of in a card. */
  readonly around?: true;
}

/** The elements of one family, on a page of its own. */
export interface Family {
  /** In small letters, it is the name of the page and of the module. */
  readonly title: string;
  readonly line: string;
  readonly entries: readonly Entry[];
  /** The text of the module with the entries' functions. */
  readonly source: string;
  /** Further files that a project with the entries needs, beside those that the module imports. @default none */
  readonly needs?: readonly string[];
  /** Packages that the elements draw with. @default none */
  readonly packages?: readonly string[];
}

/**
 * Returns the code of an entry: the function that the list of entries names, in a module whose functions begin and end at the left
 * margin. The name comes from the text, because a minified function has lost its own.
 */
export function codeOf(source: string, entry: string): string {
  const [, name] = new RegExp(`name: '${entry}', build: (\\w+)`).exec(source) ?? [];
  const begin = name === undefined ? -1 : source.search(new RegExp(`^(export )?(async )?function ${name}\\(`, 'm'));
  const end = begin < 0 ? -1 : source.indexOf('\n}\n', begin);
  return end < 0 ? '' : source.slice(begin, end + 2).replace(/^export /, '');
}
