// Finds the browser that tests drive, and says how to start it so that it asks nobody and remembers nothing.

import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of Chromium: $CHROMIUM if set, otherwise the first one on PATH or in /usr/bin. */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM;
  if (given) {
    if (isExecutable(given)) return given;
    throw new Error(`CHROMIUM should be the path of a Chromium that can be run; '${given}' is not.`);
  }
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** Options for playwright-core's `chromium.launch`, which makes a fresh profile for each launch. */
export function launchOptions(): { executablePath: string; args: string[] } {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error(
      'No Chromium was found. Install one (`apt-get install chromium`), or set CHROMIUM to the path of one.',
    );
  }
  return { executablePath, args: [...args] };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
