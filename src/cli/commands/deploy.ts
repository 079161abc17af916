import { buildApplication } from '../application.ts';
import { CommandError, command } from '../command.ts';
import { carryOut, describe, secretName } from '../deploy/carry-out.ts';
import { type Plan, planOf } from '../deploy/plan.ts';
import { type Wrangler, wranglerOf } from '../deploy/wrangler.ts';
import { lacking } from '../doctor/checks.ts';

/** `edgewise deploy`: builds, then deploys the compute Workers and the application with all that they need. */
export const deploy = command({
  name: 'deploy',
  about: 'builds and deploys the compute Workers, then the application',
  options: {
    env: {
      type: 'string',
      short: 'e',
      value: 'NAME',
      about: 'deploys beside production, as `staging`: own Workers, sessions and queues',
    },
    'dry-run': { type: 'boolean', about: 'says what it would do, and lets wrangler check the Workers' },
    temporary: { type: 'boolean', about: 'deploys to a temporary account, without a login' },
  },
  details: [
    `It makes ${secretName} at the first deployment and never again, and makes queues and buckets that do not exist.`,
    'By hand: edgewise build, then wrangler deploy -c dist/compute/wrangler.json, then -c dist/app/wrangler.json.',
  ],
  async run({ env: environment, 'dry-run': dry = false, temporary = false }) {
    if (environment !== undefined && !/^[a-z0-9][a-z0-9-]{0,20}$/.test(environment)) {
      throw new CommandError(
        `An environment has up to 21 lower-case letters, digits and hyphens; this is '${environment}'.`,
      );
    }
    const folder = process.cwd();
    const built = await buildApplication(folder, environment);
    const missing = lacking(built.tasks.uses, built.tasks.byBinding);
    if (missing.length > 0) throw new CommandError(`Nothing was deployed.\n${missing.join('\n')}`);
    const plan = planOf(built, environment);
    for (const name of plan.elsewhere) console.log(`${plan.app.name} binds ${name}, which is deployed from elsewhere.`);
    const wrangler = wranglerOf(folder);
    if (dry) await rehearse(plan, wrangler);
    else {
      const done = await carryOut(plan, wrangler, { temporary });
      console.log(`\nDone:\n${describe(done)}`);
    }
  },
});

/** Says what a deployment would do, and has wrangler check each Worker. Asks nothing of the account. */
async function rehearse(plan: Plan, wrangler: Wrangler): Promise<void> {
  for (const worker of [...plan.computes, plan.app]) {
    const { ok } = await wrangler(['deploy', '--dry-run', '--config', worker.config]);
    if (!ok) throw new CommandError(`wrangler refuses ${worker.name} and says why above.`);
  }
  const steps = [
    ...plan.queues.map((queue) => `make the queue ${queue}, unless it exists`),
    ...plan.buckets.map((bucket) => `make the bucket ${bucket}, unless it exists`),
    ...plan.computes.map(({ name }) => `deploy ${name}`),
    `deploy ${plan.app.name}`,
    `make ${secretName} of ${plan.app.name}, unless it has one`,
  ];
  console.log(`\nA deployment would:\n${steps.map((step) => `  ${step}`).join('\n')}`);
}
