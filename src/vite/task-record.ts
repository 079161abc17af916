// Which tasks the application calls, and which tasks each compute Worker has. A deployment compares them, because a task
// that is missing would be found by the first visitor who needs it.
//
// The record is read from the syntax. What it cannot read for certain, such as a name that is computed or shadowed, it
// leaves out: a deployment is refused only for what is sure.

import { type Plugin, parseSync, type Rolldown, Visitor } from 'vite';
import { isOwnModule } from './package.ts';

/** A call of a task in the application's code. */
export interface TaskUse {
  readonly binding: string;
  readonly task: string;
  /** Where: `app.ts:12`. */
  readonly place: string;
}

/** What a build knows of tasks. */
export interface TaskRecord {
  readonly uses: readonly TaskUse[];
  /** Tasks of each compute Worker by its environment; null where they cannot be read. */
  readonly tasks: Readonly<Record<string, readonly string[] | null>>;
}

/** A name that leads to the tasks of a binding, or that a module takes from another one. */
type Origin = { readonly binding: string } | { readonly from: string; readonly name: string };

interface Module {
  /** Names that the module exports, and what they are. */
  readonly exports: Map<string, Origin>;
  /** Modules of `export * from`. */
  readonly stars: readonly string[];
  /** Members of names that may lead to tasks. */
  readonly members: readonly { readonly origin: Origin; readonly task: string; readonly offset: number }[];
}

/** Notes the tasks of one build, over all of its environments. */
export class TaskRecorder {
  readonly #root: string;
  readonly #modules = new Map<string, Module>();
  readonly #lines = new Map<string, readonly number[]>();
  readonly #tasks = new Map<string, readonly string[] | null>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Notes a module of the application. `resolve` returns the id that a specifier leads to. */
  async module(id: string, code: string, resolve: (specifier: string) => Promise<string | undefined>): Promise<void> {
    const module = read(id, code);
    if (!module) return;
    const specifiers = new Set<string>(module.stars);
    for (const origin of [...module.exports.values(), ...module.members.map((member) => member.origin)]) {
      if ('from' in origin) specifiers.add(origin.from);
    }
    const ids = new Map<string, string>();
    for (const specifier of specifiers) ids.set(specifier, (await resolve(specifier)) ?? specifier);
    const led = (origin: Origin): Origin =>
      'from' in origin ? { from: ids.get(origin.from) ?? origin.from, name: origin.name } : origin;
    this.#modules.set(id, {
      exports: new Map([...module.exports].map(([name, origin]) => [name, led(origin)])),
      stars: module.stars.map((specifier) => ids.get(specifier) ?? specifier),
      members: module.members.map((member) => ({ ...member, origin: led(member.origin) })),
    });
    this.#lines.set(id, linesOf(code));
  }

  /** Notes the tasks of a compute Worker. */
  compute(environment: string, tasks: readonly string[] | null): void {
    this.#tasks.set(environment, tasks);
  }

  get record(): TaskRecord {
    const uses: TaskUse[] = [];
    for (const [id, { members }] of this.#modules) {
      for (const { origin, task, offset } of members) {
        const binding = this.#bindingOf(origin);
        if (binding === undefined) continue;
        const line = (this.#lines.get(id) ?? []).findLastIndex((start) => start <= offset) + 1;
        uses.push({
          binding,
          task,
          place: `${id.startsWith(this.#root) ? id.slice(this.#root.length + 1) : id}:${line}`,
        });
      }
    }
    return { uses, tasks: Object.fromEntries(this.#tasks) };
  }

  /** Follows a name through the modules that pass it on. */
  #bindingOf(origin: Origin, depth = 0): string | undefined {
    if ('binding' in origin) return origin.binding;
    const module = this.#modules.get(origin.from);
    if (!module || depth > 20) return undefined;
    const next = module.exports.get(origin.name);
    if (next) return this.#bindingOf(next, depth + 1);
    for (const from of module.stars) {
      const binding = this.#bindingOf({ from, name: origin.name }, depth + 1);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }
}

/** Returns the plugin that fills a record while Vite builds. */
export function taskRecordPlugin(recorder: () => TaskRecorder, appEnvironment: () => string): Plugin {
  const isAuthors = (id: string) =>
    !id.startsWith('\0') && !id.includes('/node_modules/') && !isOwnModule(id) && /\.[cm]?[jt]sx?$/.test(id);
  return {
    name: 'edgewise:task-record',
    enforce: 'pre',
    apply: 'build',
    sharedDuringBuild: true,
    transform: {
      filter: { id: /\.[cm]?[jt]sx?$/ },
      async handler(code, id) {
        if (this.environment.name !== appEnvironment() || !isAuthors(id)) return;
        await recorder().module(id, code, async (specifier) => (await this.resolve(specifier, id))?.id);
      },
    },
    buildEnd() {
      const { name } = this.environment;
      if (name === appEnvironment() || name === 'client') return;
      recorder().compute(name, tasksOf(this));
    },
  };
}

/** Returns the names that a compute Worker passes to `compute(...)`, or null where they cannot be read. */
function tasksOf(context: Rolldown.PluginContext): readonly string[] | null {
  for (const id of context.getModuleIds()) {
    const info = context.getModuleInfo(id);
    if (!info?.code || id.includes('/node_modules/') || !/\bcompute\b/.test(info.code)) continue;
    const passed = passedTasks(id, info.code);
    if (passed === undefined) continue;
    if (passed === null || 'names' in passed) return passed === null ? null : passed.names;
    const from = info.importedIds.find((imported) => imported.replace(/\?.*$/, '').endsWith(lastPart(passed.from)));
    const exports = from === undefined ? undefined : context.getModuleInfo(from)?.exports;
    return exports && !exports.includes('*') ? exports.filter((name) => name !== 'default') : null;
  }
  return null;
}

function lastPart(specifier: string): string {
  return specifier.slice(specifier.lastIndexOf('/') + 1);
}

/** Returns what a module passes to `compute(...)`: names, or a module; null where unclear; undefined without a call. */
function passedTasks(id: string, code: string): { names: readonly string[] } | { from: string } | null | undefined {
  const { program, module } = parseSync(id, code);
  const named = importsOf(module);
  let found: { names: readonly string[] } | { from: string } | null | undefined;
  new Visitor({
    CallExpression({ callee, arguments: [argument] }) {
      if (callee.type !== 'Identifier') return;
      const origin = named.get(callee.name);
      if (origin?.name !== 'compute' || !/(^|\/)edgewise\/compute$|\/src\/compute\/index\.[jt]s$/.test(origin.from))
        return;
      if (argument?.type === 'Identifier') {
        const tasks = named.get(argument.name);
        found = tasks?.name === '*' ? { from: tasks.from } : null;
      } else if (argument?.type === 'ObjectExpression') {
        const names = argument.properties.map((property) =>
          property.type === 'Property' && !property.computed && property.key.type === 'Identifier'
            ? property.key.name
            : undefined,
        );
        found = names.every((name) => name !== undefined) ? { names } : null;
      } else found = null;
    },
  }).visit(program);
  return found;
}

/** The names that a module imports; `*` is the module itself. */
function importsOf(module: ReturnType<typeof parseSync>['module']): Map<string, { from: string; name: string }> {
  const named = new Map<string, { from: string; name: string }>();
  for (const { moduleRequest, entries } of module.staticImports) {
    for (const { importName, localName, isType } of entries) {
      if (isType) continue;
      const name = importName.kind === 'NamespaceObject' ? '*' : (importName.name ?? 'default');
      named.set(localName.value, { from: moduleRequest.value, name });
    }
  }
  return named;
}

/** Reads a module of the application. Returns undefined where it has nothing of tasks, or cannot be parsed. */
function read(id: string, code: string): Module | undefined {
  const { program, module, errors } = parseSync(id, code);
  if (errors.length > 0) return undefined; // The build says so itself.
  const named = importsOf(module);
  const origins = new Map<string, Origin>([...named].map(([local, { from, name }]) => [local, { from, name }]));
  const members: { origin: Origin; task: string; offset: number }[] = [];
  /** How often a name is declared, because a name that is declared twice may mean something else. */
  const declared = new Map<string, number>();
  const declare = (pattern: unknown) => {
    for (const name of namesIn(pattern)) declared.set(name, (declared.get(name) ?? 0) + 1);
  };
  const uses: { name: string; task: string; offset: number }[] = [];

  /** Returns the binding of `run.tasks('BINDING')`. */
  const bindingOf = (node: Node | null | undefined): string | undefined => {
    if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.callee.computed) return;
    const { object, property } = node.callee;
    if (property.type !== 'Identifier' || property.name !== 'tasks' || object.type !== 'Identifier') return;
    const origin = named.get(object.name);
    const [argument] = node.arguments;
    if (origin?.name !== 'run' || argument?.type !== 'Literal' || typeof argument.value !== 'string') return;
    return argument.value;
  };

  new Visitor({
    VariableDeclarator({ id: target, init }) {
      declare(target);
      const binding = bindingOf(init as Node | null);
      if (binding === undefined) return;
      if (target.type === 'Identifier') origins.set(target.name, { binding });
      if (target.type !== 'ObjectPattern') return;
      for (const property of target.properties) {
        if (property.type === 'Property' && !property.computed && property.key.type === 'Identifier') {
          members.push({ origin: { binding }, task: property.key.name, offset: property.start });
        }
      }
    },
    FunctionDeclaration: ({ params }) => params.forEach(declare),
    FunctionExpression: ({ params }) => params.forEach(declare),
    ArrowFunctionExpression: ({ params }) => params.forEach(declare),
    CatchClause: ({ param }) => declare(param),
    MemberExpression(node) {
      const { object, property, computed } = node;
      const task =
        !computed && property.type === 'Identifier'
          ? property.name
          : computed && property.type === 'Literal' && typeof property.value === 'string'
            ? property.value
            : undefined;
      if (task === undefined) return;
      if (object.type === 'Identifier') uses.push({ name: object.name, task, offset: property.start });
      const binding = bindingOf(object as Node);
      if (binding !== undefined) members.push({ origin: { binding }, task, offset: property.start });
    },
  }).visit(program);

  for (const { name, task, offset } of uses) {
    const origin = origins.get(name);
    const known = named.has(name) ? 0 : 1;
    if (origin && (declared.get(name) ?? 0) === known) members.push({ origin, task, offset });
  }

  const exports = new Map<string, Origin>();
  const stars: string[] = [];
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, importName, exportName, localName, isType } of entries) {
      if (isType) continue;
      const name = exportName.name ?? 'default';
      if (moduleRequest && importName.kind === 'AllButDefault') stars.push(moduleRequest.value);
      else if (moduleRequest) exports.set(name, { from: moduleRequest.value, name: importName.name ?? 'default' });
      else {
        const origin = origins.get(localName.name ?? '');
        if (origin) exports.set(name, origin);
      }
    }
  }
  return { exports, stars, members };
}

/** A node of the syntax, as far as {@link read} looks at it. */
type Node = Parameters<NonNullable<ConstructorParameters<typeof Visitor>[0]['CallExpression']>>[0]['callee'];

/** Returns the names that a pattern declares. */
function namesIn(pattern: unknown): string[] {
  if (typeof pattern !== 'object' || pattern === null) return [];
  const node = pattern as Record<string, unknown> & { type?: string };
  switch (node.type) {
    case 'Identifier':
      return [String(node.name)];
    case 'AssignmentPattern':
      return namesIn(node.left);
    case 'RestElement':
      return namesIn(node.argument);
    case 'ArrayPattern':
      return (node.elements as unknown[]).flatMap(namesIn);
    case 'ObjectPattern':
      return (node.properties as Record<string, unknown>[]).flatMap((each) => namesIn(each.value ?? each));
    case 'TSParameterProperty':
      return namesIn(node.parameter);
    default:
      return [];
  }
}

function linesOf(code: string): number[] {
  const starts = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
