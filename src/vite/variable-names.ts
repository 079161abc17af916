// Gives states and elements the names of their variables: `const count = ui.state(0)` keeps its value when lines move
// around it. A name that occurs more than once in its place, in a loop or a function, is completed there by its count.

import MagicString, { type SourceMap } from 'magic-string';
import { type ESTree, type Plugin, Visitor } from 'vite';
import { isOwnModule } from './package.ts';

/** Returns the plugin that names what the author's modules assign to variables. */
export function variableNamesPlugin(): Plugin {
  return {
    name: 'edgewise:variable-names',
    sharedDuringBuild: true,
    // Also in Vitest, where a deployment of a test has to keep what a real one keeps.
    applyToEnvironment: ({ name }) => name === 'app' || process.env.VITEST !== undefined,
    transform: {
      filter: { id: { include: /\.[cm]?[jt]sx?(\?|$)/, exclude: /\/node_modules\// }, code: /edgewise/ },
      handler(code, id) {
        if (isOwnModule(id)) return undefined;
        return nameVariables(code, this.parse(code));
      },
    },
  };
}

/** Returns the module with the names, or undefined for a module without any. */
export function nameVariables(
  code: string,
  program: ESTree.Program,
): { readonly code: string; readonly map: SourceMap } | undefined {
  const { ui, all } = importsOf(program);
  if (ui.size === 0 && all.size === 0) return undefined;
  const text = new MagicString(code);
  const note = (name: string | undefined, value: ESTree.Node | null | undefined) => {
    const callee = name === undefined ? undefined : madeBy(value);
    if (callee?.type !== 'MemberExpression' || callee.computed || !isUi(callee.object, ui, all)) return;
    text.appendLeft(callee.start, `__edgewise_named(${JSON.stringify(name)}, `).appendRight(callee.end, ')');
  };
  new Visitor({
    VariableDeclarator: ({ id, init }) => note(nameOf(id), init),
    AssignmentExpression: ({ left, right, operator }) => {
      if (['=', '??=', '||='].includes(operator)) note(nameOf(left), right);
    },
    Property: ({ key, value, computed }) => note(computed ? undefined : nameOf(key), value),
    PropertyDefinition: ({ key, value, computed }) => note(computed ? undefined : nameOf(key), value),
  }).visit(program);
  if (!text.hasChanged()) return undefined;
  // On the first line, so that no line of the author's gets another number.
  text.prepend("import { named as __edgewise_named } from 'edgewise'; ");
  return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
}

/** Returns the local names of `ui`, and of the whole of `edgewise`, that a module imports. */
function importsOf({ body }: ESTree.Program): { readonly ui: Set<string>; readonly all: Set<string> } {
  const ui = new Set<string>();
  const all = new Set<string>();
  for (const statement of body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'edgewise') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') all.add(specifier.local.name);
      else if (specifier.type === 'ImportSpecifier' && nameOf(specifier.imported) === 'ui')
        ui.add(specifier.local.name);
    }
  }
  return { ui, all };
}

/** Returns what an expression calls to make its value: `ui.input` in `ui.input('Name').classes('w-60')`. */
function madeBy(value: ESTree.Node | null | undefined): ESTree.Expression | undefined {
  if (value?.type !== 'CallExpression' || value.callee.type === 'Super') return undefined;
  const { callee } = value;
  return callee.type === 'MemberExpression' && callee.object.type === 'CallExpression' ? madeBy(callee.object) : callee;
}

function isUi(node: ESTree.Node, ui: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  if (node.type === 'Identifier') return ui.has(node.name);
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return false;
  return all.has(node.object.name) && nameOf(node.property) === 'ui';
}

/** Returns the name that an assignment gives: of a variable, or of a property. */
function nameOf(node: ESTree.Node): string | undefined {
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return node.name;
  if (node.type === 'MemberExpression' && !node.computed) return nameOf(node.property);
  return undefined;
}
