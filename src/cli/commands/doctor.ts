import { CommandError, command, section } from '../command.ts';
import { examine, type Finding } from '../doctor/checks.ts';
import { gather } from '../doctor/facts.ts';

/** `edgewise doctor`: looks for what does not fit, and says what to do. Changes nothing. */
export const doctor = command({
  name: 'doctor',
  about: 'finds what does not fit: versions, dates, bindings, secrets, limits of the free plan',
  options: {
    'no-build': { type: 'boolean', about: 'does not build, and so leaves out what only the build knows' },
  },
  async run({ 'no-build': unbuilt = false }) {
    const { facts, failure } = await gather(process.cwd(), !unbuilt);
    const findings = examine(facts);
    if (failure !== undefined) {
      findings.unshift({
        level: 'error',
        what: `The application does not build: ${failure}`,
        todo: 'Mend that, then run `edgewise doctor` again.',
      });
    }
    console.log(report(findings));
    const errors = findings.filter(({ level }) => level === 'error').length;
    if (errors > 0) throw new CommandError(`${errors} of ${findings.length} findings are errors.`);
  },
});

function report(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Everything fits.';
  return section(
    findings.flatMap(({ level, what, todo }) => [
      [level, what],
      ['', `→ ${todo}`],
    ]),
  ).join('\n');
}
