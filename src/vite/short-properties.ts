// Shortens what only the client itself can name: its private members, and the properties between its modules. They are a
// fortieth of the first script. Each module is shortened by itself, and a property has the same short name in all of them.

import MagicString, { type SourceMap } from 'magic-string';
import { type ESTree, type Plugin, Visitor } from 'vite';
import { isOwnModule } from './package.ts';

/** Properties that nothing else has: no object of a browser, no element, no frame or stored text, no author's code, no module. */
export const properties = [
  ...['accepts', 'acked', 'acknowledge', 'agree', 'applied', 'attach', 'awaitsBuild', 'called'],
  ...['childrenChanged', 'commanded', 'edit', 'emit', 'entered', 'forget', 'greet', 'handled'],
  ...['inner', 'lifecycle', 'loader', 'lookup', 'lose', 'moved', 'newest', 'offerSecrets', 'opened', 'outer', 'owned'],
  ...['owns', 'patch', 'propsChanged', 'queueChanged', 'registry', 'remember', 'removed', 'renderer'],
  ...['replica', 'resend', 'trouble', 'unsent', 'unwatch', 'vnodeFor', 'watch', 'whole'],
];

/** Letters in the order in which the local names of a minified script use them, so that both compress together. */
const letters = 'etnriaoscludfpmhgvybxwkjqzSCTDOAMNPIRELFUVHGBKYWJXQZ';
const shortNames = new Map(properties.map((name, index) => [name, `$${letters[index] ?? index}`]));

/** Returns the plugin that shortens names in the client. */
export function shortPropertiesPlugin(): Plugin {
  return {
    name: 'edgewise:short-properties',
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

/** Returns a module with short names, and without fields that have no value at first. */
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
  const rename = (key: ESTree.Node, short = key.type === 'Identifier' ? shortNames.get(key.name) : undefined) => {
    if (short) text.update(key.start, key.end, short);
  };
  new Visitor({
    ImportSpecifier({ imported, local }) {
      if (imported.type === 'Identifier' && imported.name === 'Component') component = local.name;
    },
    ClassDeclaration: visitClass,
    ClassExpression: visitClass,
    PrivateIdentifier(node) {
      // Because a name needs a space where its sign needs none: `async#load`.
      if (!stays(node)) rename(node, `${/\w/.test(code[node.start - 1] ?? '') ? ' ' : ''}${shortPrivate(node.name)}`);
    },
    PropertyDefinition({ computed, key }) {
      if (!computed) rename(key);
    },
    'PropertyDefinition:exit'(node) {
      if (!node.value && !node.computed && !stays(node)) text.remove(node.start, node.end);
    },
    MethodDefinition({ computed, key }) {
      if (!computed) rename(key);
    },
    MemberExpression({ computed, property }) {
      if (!computed) rename(property);
    },
    Property({ computed, shorthand, key }) {
      if (computed) return;
      if (!shorthand) rename(key);
      else if (key.type === 'Identifier' && shortNames.has(key.name))
        text.appendLeft(key.start, `${shortNames.get(key.name)}: `);
    },
  }).visit(program);
  return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
}
