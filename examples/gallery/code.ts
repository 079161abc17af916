import { ui } from 'edgewise';
import type { Project } from './project.ts';
import { sourceOf } from './sources.ts';

const languages: Readonly<Record<string, string>> = { ts: 'typescript', js: 'javascript', css: 'css' };

/** The code of a page: a tab for each file, and the way to have it as a project. */
export function code(files: readonly string[], project: Project) {
  const file = ui.state(files[0] ?? '');
  ui.column(() => {
    ui.row(() => {
      ui.heading('Code', { level: 2 }).classes('text-lg font-semibold');
      ui.space();
      openAsProject(project);
    }).classes('w-full');
    ui.tabs(
      files.map((path) => ({
        text: path.slice(path.lastIndexOf('/') + 1),
        value: path,
        // Only the chosen file travels to the browser.
        build: () =>
          ui.show(
            () => file.value === path,
            () => text(path),
          ),
      })),
      { value: file },
    );
  }).classes('w-full gap-2');
}

function text(path: string) {
  ui.code(sourceOf(path), { language: languages[path.slice(path.lastIndexOf('.') + 1)] ?? 'plaintext' });
}

/** A button that says how to have a project, in a window. */
export function openAsProject({ name }: Project) {
  const file = `${name}.zip`;
  const dialog = ui.dialog(
    () => {
      ui.heading('Open as a project', { level: 2 }).classes('text-lg font-semibold');
      ui.label('The folder has all that it needs: its code, its configuration and a README.');
      ui.link(`Download ${file}`, `/projects/${file}`).classes('btn btn-primary').props({ download: file });
      ui.label('Then, in the folder with the download:');
      ui.code(`unzip ${file} && cd ${name}\nnpm install\nnpm run dev`, { language: 'plaintext' });
      ui.label(
        'Until Edgewise is on npm, its repository makes the package by “npm run pack”. A copy with that package, in place of the last two lines:',
      ).classes('text-sm opacity-70');
      ui.code(`npm exec --package=PATH/edgewise-0.1.0.tgz -- edgewise new my-app --template ./${name}`, {
        language: 'plaintext',
      });
      ui.button('Close', () => dialog.close(), { variant: 'outline' }).classes('self-end');
    },
    { label: 'Open as a project' },
  );
  ui.button('Open as a project', () => dialog.open(), { icon: 'download', variant: 'outline', size: 'sm' });
}
