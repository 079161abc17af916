// `npm test`: runs every check before a change lands, and prints one sum.
//
// Format, lint, bindings, types and the build of the gallery count as one check each. The three vitest projects run as one,
// beside the checks. It runs all parts even when an early one fails. The last line is the sum: "N passed, N failed".

import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startVitest } from 'vitest/node';
import { build } from '../src/build/index.ts';
import { generate } from '../src/cli/generate.ts';
import { packageBin } from '../src/cli/package-bin.ts';
import { findChromium } from './chromium.ts';

const root = path.resolve(import.meta.dirname, '..');
// Hundreds of processes load the same files.
process.env.NODE_COMPILE_CACHE ??= path.join(tmpdir(), 'node-compile-cache');

interface Sum {
  passed: number;
  failed: number;
}

async function main(): Promise<void> {
  const sum: Sum = { passed: 0, failed: 0 };
  const count = (ok: boolean) => {
    if (ok) sum.passed++;
    else sum.failed++;
  };
  const check = async (title: string, ...command: [pkg: string, bin: string, ...args: string[]]) => {
    const { code, output } = await run(command);
    count(code === 0);
    return `\n— ${title}\n${output}`.trimEnd();
  };

  generate();
  const others = async () => [
    await check('format', '@biomejs/biome', 'biome', 'format', '.'),
    await check('lint', '@biomejs/biome', 'biome', 'lint', '--error-on-warnings', '.'),
    await check('bindings', 'wrangler', 'wrangler', 'types', 'examples/env.d.ts', '--include-runtime=false', '--check'),
  ];
  // Tests leave a part of the processors idle. What the checks say is printed at the end, where one finds it.
  const checks = Promise.all([check('types', 'typescript', 'tsc', '-b'), others()]);
  console.log('\n— build');
  let built = true;
  try {
    const { manifest, fresh } = await build({ folder: root });
    console.log(fresh ? `Built ${manifest.build}.` : `Build ${manifest.build} is up to date.`);
  } catch (error) {
    console.error((error as Error).message);
    built = false;
  }
  count(built);

  if (built) {
    console.log('\n— tests');
    ensureChromium();
    const { passed, failed } = await runTests();
    sum.passed += passed;
    sum.failed += failed;
  } else {
    console.error('The tests were not run, because they need the build.');
  }
  for (const text of (await checks).flat()) console.log(text);
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

/**
 * Runs the three vitest projects as one, so that no core waits until a project has ended. Counts their tests.
 * Failures outside of tests count too: a file that does not load, an unhandled error, a vitest that ends
 * early. Names the tests that needed a second attempt.
 */
async function runTests(): Promise<Sum> {
  process.exitCode = undefined;
  const vitest = await startVitest([], { run: true });
  const { state } = vitest;
  const modules = state.getTestModules();
  const cases = modules.flatMap((module) => [...module.children.allTests()]);
  const tests = cases.map((test) => test.result().state);
  const unloaded = modules.filter((module) => !module.ok() && module.children.size === 0).length;
  const failed = tests.filter((result) => result === 'failed').length + unloaded;
  const broken = process.exitCode !== undefined && process.exitCode !== 0;
  await vitest.close();
  const flaky = cases.filter((test) => test.diagnostic()?.flaky);
  if (flaky.length > 0) console.log('\n— passed only at the second attempt, so find out why the first one failed');
  for (const test of flaky) {
    console.log(`${test.module.relativeModuleId}: ${test.fullName}\n  ${test.result().errors?.[0]?.message}`);
  }
  return { passed: tests.filter((result) => result === 'passed').length, failed: failed === 0 && broken ? 1 : failed };
}

/** Installs Chromium where it is missing and can be installed, so that browser tests are not skipped. */
function ensureChromium(): void {
  if (findChromium()) return;
  const root = process.getuid?.() === 0;
  const apt = root && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!apt) {
    console.error(
      'Chromium was not found, and only root on Debian or Ubuntu can install it here: the tests will fail.',
    );
    return;
  }
  console.log('Chromium was not found; installing it: apt-get update && apt-get install -y chromium');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', 'chromium'],
  ]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env });
    if (status !== 0) console.error(`apt-get ${args.join(' ')} failed with code ${status}.`);
  }
}

/** Runs a package's command with this Node. Resolves to its exit code and to what it has written. */
async function run([pkg, bin, ...args]: [pkg: string, bin: string, ...args: string[]]) {
  const child = spawn(process.execPath, [packageBin(pkg, bin), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly code: number; readonly output: string }>();
  child.once('error', reject);
  child.once('close', (code) => resolve({ code: code ?? 1, output }));
  return promise;
}

await main();
