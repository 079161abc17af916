import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError, command } from '../command.ts';
import { isOldNode, nodePackages } from '../node-version.ts';
import { ownSpec, packageFolder } from '../own-package.ts';
import { run } from '../run.ts';

const templates = ['hello', 'dashboard', 'chat'] as const;
const folder = path.join(packageFolder, 'templates');

/** `edgewise new`: copies a template and installs what it needs. Runs on Node 20 too; see node-version.ts. */
export const create = command({
  name: 'new',
  about: 'makes an application in a new folder',
  operands: [{ name: 'FOLDER', about: 'the folder, whose name becomes the name of the application', required: true }],
  options: {
    template: {
      type: 'string',
      short: 't',
      value: 'NAME',
      about: `${templates.join(', ')}, or a folder with a project (default: hello)`,
    },
    'no-install': { type: 'boolean', about: 'does not install the packages' },
  },
  details: [
    'hello      a click, and a calculation in a Worker of its own',
    'dashboard  a report that is computed while the page stays usable',
    'chat       a conversation whose answers arrive word by word',
    './shop     a copy of your own folder, or of one that the gallery made',
  ],
  async run({ template = 'hello', 'no-install': bare = false }, [given = '.']) {
    const source = sourceOf(template);
    const target = path.resolve(given);
    const name = nameOf(target);
    if (existsSync(target) && readdirSync(target).some((entry) => entry !== '.git')) {
      throw new CommandError(`The folder ${target} is not empty. Name another one: edgewise new ${name}-2`);
    }
    copy(source, target, name);
    console.log(`Made ${path.relative('', target) || '.'} from the template ${template}.`);

    const manager = packageManager();
    const steps = [...(target === process.cwd() ? [] : [`cd ${path.relative('', target)}`])];
    if (bare) steps.push(`${manager} install`);
    else await install(manager, target);
    console.log(`\nNext:\n\n  ${[...steps, `${manager} run dev`].join('\n  ')}\n`);
  },
});

/** Returns the folder that is copied: of a template, or of a project that is given by its path. @throws {CommandError} where there is none. */
function sourceOf(template: string): string {
  if ((templates as readonly string[]).includes(template)) return path.join(folder, template);
  if (!/[/\\]/.test(template)) {
    throw new CommandError(
      `There is no template '${template}'. There are: ${templates.join(', ')}. For a folder, write its path: ./${template}`,
    );
  }
  const source = path.resolve(template);
  if (existsSync(path.join(source, 'package.json'))) return source;
  throw new CommandError(`The folder ${source} has no package.json, so it is no project to copy.`);
}

/** Returns the name of the application and of its Worker. @throws {CommandError} for a folder that cannot give one. */
function nameOf(target: string): string {
  const name = path.basename(target);
  if (/^[a-z0-9]([a-z0-9-]{0,52}[a-z0-9])?$/.test(name)) return name;
  const allowed = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 54);
  throw new CommandError(
    `'${name}' cannot be the name of a Worker, which has up to 54 lower-case letters, digits and hyphens.` +
      (allowed ? ` Try: edgewise new ${path.join(path.dirname(path.relative('', target)), allowed)}` : ''),
  );
}

/** Gives the Workers, queues and buckets of wrangler files the name of the copy, because a deployment would replace those of the original. */
function renameWorkers(folder: string, name: string): void {
  const files = readdirSync(folder).filter((file) => /^wrangler\b.*\.(toml|jsonc?)$/.test(file));
  const main = files.find((file) => /^wrangler\.\w+$/.test(file));
  const [, old] =
    /^\s*"?name"?\s*[=:]\s*"([^"]+)"/m.exec(main ? readFileSync(path.join(folder, main), 'utf8') : '') ?? [];
  if (old === undefined) return;
  for (const file of files) {
    edit(path.join(folder, file), (text) => text.replaceAll(new RegExp(`"${old}(-[\\w-]+)?"`, 'g'), `"${name}$1"`));
  }
}

function copy(template: string, target: string, name: string): void {
  mkdirSync(target, { recursive: true });
  // What was installed, built or stored belongs to the project that is copied, and so do its secrets.
  const left = /^(node_modules|dist|\.wrangler|\.git|\.dev\.vars.*|\.env(\..*)?)$/;
  const common = path.join(folder, 'common');
  // The package has what all templates have alike once. In the repository, each template is whole.
  const sources = template.startsWith(folder) && existsSync(common) ? [common, template] : [template];
  for (const source of sources)
    cpSync(source, target, { recursive: true, filter: (file) => !left.test(path.relative(source, file)) });
  renameWorkers(target, name);
  // The package cannot contain a .gitignore, because npm leaves files of that name out.
  if (existsSync(path.join(target, 'gitignore')))
    renameSync(path.join(target, 'gitignore'), path.join(target, '.gitignore'));
  const readme = path.join(target, 'README.md');
  if (existsSync(readme)) edit(readme, (text) => text.replace(/^# .*/, `# ${name}`));
  edit(path.join(target, 'package.json'), (text) => {
    const own = JSON.parse(text) as Record<string, unknown> & { dependencies: Record<string, string> };
    own.name = name;
    own.dependencies = { ...own.dependencies, edgewise: ownSpec() };
    // An old Node stays what it is; the application brings a newer one, which its scripts use.
    if (isOldNode()) own.optionalDependencies = nodePackages;
    return `${JSON.stringify(own, null, 2)}\n`;
  });
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Returns the package manager that runs this command: `pnpm` for `pnpm create edgewise`. */
function packageManager(): string {
  const [agent = ''] = (process.env.npm_config_user_agent ?? '').split('/');
  return ['pnpm', 'yarn', 'bun'].includes(agent) ? agent : 'npm';
}

async function install(manager: string, target: string): Promise<void> {
  const args = manager === 'npm' ? ['install', '--prefer-offline', '--no-audit', '--no-fund'] : ['install'];
  const code = await run(manager, args, { cwd: target });
  if (code === 0) return;
  throw new CommandError(`The packages were not installed. When the reason is mended, run: ${manager} install`);
}
