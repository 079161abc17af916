// Shortens the names of the client's private members, which are a hundredth of the first script: minifiers keep their sign, and
// the declaration that it needs.

import MagicString, { type SourceMap } from 'magic-string';
import { type ESTree, type Plugin, Visitor } from 'vite';
import { isOwnModule } from './package.ts';

/** Letters in the order in which the local names of a minified script use them, so that both compress together. */
const letters = 'etnriaoscludfpmhgvybxwkjqzSCTDOAMNPIRELFUVHGBKYWJXQZ';

/** Returns the plugin that shortens private names in the client. */
export function privateNamesPlugin(): Plugin {
  return {
    name: 'edgewise:private-names',
    apply: 'build',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name === 'client',
    transform: {
      // After TypeScript has become JavaScript.
      order: 'post',
      filter: { id: /\.[jt]sx?$/ },
      handler(code, id) {
        return isOwnModule(id) ? shorten(code, this.parse(code)) : undefined;
      },
    },
  };
}

/** Returns a module with short private names, and without fields that have no value at first. */
export function shorten(code: string, program: ESTree.Program): { readonly code: string; readonly map: SourceMap } {
  const text = new MagicString(code);
  const privateNames = new Map<string, string>();
  const shortPrivate = (name: string) => {
    const found = privateNames.get(name) ?? letters[privateNames.size] ?? `_${privateNames.size}`;
    privateNames.set(name, found);
    return found;
  };
  let component: string | undefined;
  /** Classes below others of ours. They stay, because both may have a member of one name. */
  const derived: ESTree.Class[] = [];
  const stays = (node: ESTree.Node) => derived.some(({ start, end }) => start <= node.start && node.end <= end);
  const visitClass = (node: ESTree.Class) => {
    const { superClass } = node;
    if (superClass && !(superClass.type === 'Identifier' && superClass.name === component)) derived.push(node);
  };
  new Visitor({
    ImportSpecifier({ imported, local }) {
      if (imported.type === 'Identifier' && imported.name === 'Component') component = local.name;
    },
    ClassDeclaration: visitClass,
    ClassExpression: visitClass,
    PrivateIdentifier(node) {
      // Because a name needs a space where its sign needs none: `async#load`.
      if (stays(node)) return;
      const space = /\w/.test(code[node.start - 1] ?? '') ? ' ' : '';
      text.update(node.start, node.end, space + shortPrivate(node.name));
    },
    'PropertyDefinition:exit'(node) {
      if (!node.value && !node.computed && !stays(node)) text.remove(node.start, node.end);
    },
  }).visit(program);
  return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
}
