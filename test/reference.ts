// `npm run reference`: writes the reference of the public API into docs/reference/api, as HTML. TypeDoc reads the same
// declarations as the report. The TypeScript of this project has no JavaScript API, so TypeDoc gets API Extractor's own.

import { rmSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { declarationOf, declare, entryPoints, writeCompilerOptions } from './api.ts';

const root = path.resolve(import.meta.dirname, '..');
const out = path.join(root, 'docs/reference/api');

const extractor = createRequire(createRequire(import.meta.url).resolve('@microsoft/api-extractor'));
const typescript = pathToFileURL(extractor.resolve('typescript')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript' ? { url: typescript, shortCircuit: true } : next(specifier, context),
});

declare();
const { Application, LogLevel } = await import('typedoc');
rmSync(out, { recursive: true, force: true });
const app = await Application.bootstrap({
  name: 'Edgewise',
  // The client has no exports: it is the script of the page.
  entryPoints: entryPoints()
    .filter(({ name }) => name !== 'edgewise/client')
    .map(declarationOf),
  tsconfig: writeCompilerOptions(),
  out,
  readme: 'none',
  excludeExternals: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, notDocumented: false },
  intentionallyNotExported: ['KindProps'],
});
const project = await app.convert();
if (project) {
  app.validate(project);
  await app.generateOutputs(project);
}
const problems = app.logger.errorCount + app.logger.warningCount;
if (!project || problems > 0) {
  app.logger.log(`${problems} problems`, LogLevel.Error);
  process.exitCode = 1;
}
