// The components that make an application's first paint. The server has all of them at hand, and an application that
// uses ten elements would carry those of a hundred. So its Worker is built twice: without any component, which shows the
// elements that are left, and then with theirs.

import MagicString from 'magic-string';
import { type ESTree, type Plugin, Visitor } from 'vite';
import { isOwnModule } from './package.ts';

const table = /\/client\/components\/all\.gen\.[jt]s$/;

/** What the first of the two builds has found out: the kinds of the application's elements. */
export class UsedComponents {
  /** All kinds, from the table of their components. */
  readonly #kinds = new Set<string>();
  #used: ReadonlySet<string> | undefined;

  /** Begins the first build of the two. */
  forget(): void {
    this.#used = undefined;
  }

  note(kinds: Iterable<string>): void {
    for (const kind of kinds) this.#kinds.add(kind);
  }

  /** Ends the first build. A kind whose name the code passes nowhere can be on no page. */
  find(programs: Iterable<ESTree.Program>): void {
    if (this.#used) return; // This is the second build.
    const used = new Set<string>();
    for (const program of programs) {
      const passed = textsPassedIn(program);
      for (const kind of this.#kinds) if (passed.has(kind)) used.add(kind);
    }
    this.#used = used;
  }

  has(kind: string): boolean {
    return this.#used?.has(kind) ?? false;
  }
}

/** Returns the plugin that leaves the unused ones out of the table of components. */
export function usedComponentsPlugin(used: UsedComponents, environment: () => string): Plugin {
  return {
    name: 'edgewise:used-components',
    apply: 'build',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name === environment(),
    transform: {
      filter: { id: table },
      handler(code, id) {
        if (!isOwnModule(id)) return undefined;
        const entries = entriesOf(this.parse(code));
        used.note(entries.keys());
        const text = new MagicString(code);
        for (const [kind, { start, end }] of entries) {
          if (!used.has(kind)) text.remove(start, code[end] === ',' ? end + 1 : end);
        }
        return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
      },
    },
    generateBundle(_options, bundle) {
      used.find(
        Object.values(bundle)
          .values()
          .filter((file) => file.type === 'chunk')
          .map((file) => this.parse(file.code)),
      );
    },
  };
}

/** Returns the texts that the code passes to functions, itself or as the default of a parameter. */
function textsPassedIn(program: ESTree.Program): ReadonlySet<string> {
  const texts = new Set<string>();
  /** The keys of the objects around. The traits of a kind stand under its name and pass it on, whether it is used or not. */
  const around: string[] = [];
  const add = (text: unknown) => {
    if (typeof text === 'string' && !around.includes(text)) texts.add(text);
  };
  const note = (node: ESTree.Node | null): void => {
    if (node?.type === 'Literal') add(node.value);
    if (node?.type === 'TemplateLiteral' && node.quasis.length === 1) add(node.quasis[0]?.value.cooked);
    if (node?.type === 'ConditionalExpression') [node.consequent, node.alternate].forEach(note);
  };
  new Visitor({
    CallExpression: (node) => node.arguments.forEach(note),
    NewExpression: (node) => node.arguments.forEach(note),
    AssignmentPattern: ({ right }) => note(right),
    Property: ({ key, value }) => {
      const name = key.type === 'Identifier' ? key.name : '';
      if (name === 'kind') note(value);
      around.push(name);
    },
    'Property:exit': () => void around.pop(),
  }).visit(program);
  return texts;
}

/** Returns the entries of the table by their kinds. */
function entriesOf(program: ESTree.Program): Map<string, ESTree.Node> {
  const entries = new Map<string, ESTree.Node>();
  new Visitor({
    Property: (node) => {
      if (node.key.type === 'Identifier') entries.set(node.key.name, node);
    },
  }).visit(program);
  return entries;
}
