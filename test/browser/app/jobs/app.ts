// The application of the tests of jobs: one page with a job in each lane, on two compute Workers.
import { App, CancelledError, type PageContext, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

interface Bindings {
  /** Address of the test's own web server, which hears that a handler has come to its end. */
  readonly OUTSIDE: string;
}

const services = {
  service: run.tasks<typeof Tasks>('COMPUTE'),
  queue: run.tasks<typeof Tasks>('COMPUTE', { slow: { via: 'queue' } }),
  media: run.tasks<typeof Tasks>('MEDIA', { slow: { via: 'queue' } }),
};

const app = new App<{ Bindings: Bindings }>({ title: 'Jobs under test' });

app.page('/jobs', (page) => {
  const { env, query } = page as PageContext<string, Bindings>;
  const steps = Number(query.get('steps') ?? 30);
  for (const [lane, tasks] of Object.entries(services)) {
    const result = ui.label(`${lane}: none`);
    const bar = ui.progress(0);
    const log = ui.log();
    let stop: (() => void) | undefined;
    ui.button(`Start ${lane}`, async () => {
      const job = run.cpuBound(tasks.slow, lane, steps);
      stop = () => job.cancel('it was asked to');
      bar.value = job.progress;
      result.text = `${lane}: running`;
      try {
        for await (const line of job.chunks) log.push(line);
        result.text = `${lane}: ${await job}`;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        result.text = `${lane}: ${error.message}`;
      }
      await run.ioBound(async () => (await fetch(`${env.OUTSIDE}/gate/${lane}`)).text());
    });
    ui.button(`Stop ${lane}`, () => stop?.());
  }
});

export default app;
export const Session = app.Session;
export const Shared = app.Shared;
