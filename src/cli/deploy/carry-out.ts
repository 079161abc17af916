// Carries out a plan: what the Workers need first, then the compute Workers, then the application, which binds them.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommandError } from '../command.ts';
import type { Plan, PlannedWorker } from './plan.ts';
import type { Answer, Wrangler } from './wrangler.ts';

/** The secret that signs the cookies of sessions. */
export const secretName = 'SESSION_SECRET';

/** Something that a deployment did, and the command that undoes it. */
export interface Done {
  readonly what: string;
  readonly undo: string;
}

export interface DeployOptions {
  /** Deploys to a temporary account, for which nobody has to log in. */
  readonly temporary?: boolean;
}

/**
 * Deploys a plan and returns what was done, in order. Every step may be repeated: what exists stays as it is.
 *
 * @throws {CommandError} at the first step that fails, with the steps before it and how to undo them.
 */
export async function carryOut(
  plan: Plan,
  wrangler: Wrangler,
  { temporary = false }: DeployOptions = {},
): Promise<Done[]> {
  const done: Done[] = [];
  const flags = temporary ? ['--temporary'] : [];
  const call = (args: readonly string[], quiet = false) => wrangler([...args, ...flags], { quiet });
  const need = async (step: string, args: readonly string[]) => check(step, await call(args), done);

  for (const queue of plan.queues) {
    if ((await call(['queues', 'info', queue], true)).ok) continue;
    await need(`make the queue ${queue}`, ['queues', 'create', queue]);
    done.push({ what: `made the queue ${queue}`, undo: `wrangler queues delete ${queue}` });
  }
  for (const bucket of plan.buckets) {
    if ((await call(['r2', 'bucket', 'info', bucket], true)).ok) continue;
    await need(`make the bucket ${bucket}`, ['r2', 'bucket', 'create', bucket]);
    done.push({ what: `made the bucket ${bucket}`, undo: `wrangler r2 bucket delete ${bucket}` });
  }
  for (const worker of plan.computes) {
    await need(`deploy ${worker.name}`, ['deploy', '--config', worker.config]);
    done.push(deployed(worker));
  }
  const { app } = plan;
  if (await hasSecret(app, call, done)) {
    await need(`deploy ${app.name}`, ['deploy', '--config', app.config]);
    done.push(deployed(app));
    return done;
  }
  // With the first version, because without the secret the application answers nobody.
  await withSecretFile(async (file) => {
    await need(`deploy ${app.name}`, ['deploy', '--config', app.config, '--secrets-file', file]);
  });
  done.push(deployed(app));
  done.push({
    what: `made ${secretName} of ${app.name}, which signs its cookies and stays the same from now on`,
    undo: `wrangler secret delete ${secretName} --name ${app.name}   # ends every session`,
  });
  return done;
}

function deployed({ name }: PlannedWorker): Done {
  return { what: `deployed ${name}`, undo: `wrangler rollback --name ${name}   # or: wrangler delete ${name}` };
}

function check(step: string, { ok, output }: Answer, done: readonly Done[]): void {
  if (ok) return;
  const why = /log ?in|not authenticated|CLOUDFLARE_API_TOKEN/i.test(output)
    ? ' Log in with `npx wrangler login`, or set CLOUDFLARE_API_TOKEN. `--temporary` deploys without an account.'
    : ' wrangler says why above.';
  throw new CommandError(`Could not ${step}.${why} A further \`edgewise deploy\` continues here.${soFar(done)}`);
}

function soFar(done: readonly Done[]): string {
  return done.length === 0 ? '' : `\n\nUntil then:\n${describe(done)}`;
}

/** Returns what was done and how to undo it, as lines. The last step is undone first. */
export function describe(done: readonly Done[]): string {
  return [
    ...done.map(({ what }) => `  ${what}`),
    '\nTo undo it, from the last step to the first:',
    ...done.map(({ undo }) => `  ${undo}`).reverse(),
  ].join('\n');
}

async function hasSecret(
  { name }: PlannedWorker,
  call: (args: readonly string[], quiet?: boolean) => Promise<Answer>,
  done: readonly Done[],
): Promise<boolean> {
  const answer = await call(['secret', 'list', '--name', name, '--format', 'json'], true);
  if (answer.ok) return new RegExp(`"name": *"${secretName}"`).test(answer.output);
  // A Worker that was never deployed has no secrets. After any other failure, a new secret could replace one that is in use,
  // which would end every session.
  if (/does not exist|not found|\b10007\b/i.test(answer.output)) return false;
  console.error(answer.output);
  check(`learn whether ${name} has its ${secretName}`, answer, done);
  return false;
}

/** Passes a file with a new secret, which nobody else can read and which is gone afterwards. */
async function withSecretFile(use: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'edgewise-secret-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', remove);
  try {
    const file = path.join(folder, 'secrets.json');
    writeFileSync(file, JSON.stringify({ [secretName]: randomBytes(32).toString('base64') }), { mode: 0o600 });
    await use(file);
  } finally {
    remove();
    process.off('exit', remove);
  }
}
