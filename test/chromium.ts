// Finds the browser that tests drive, and says how to start it so that it asks nobody and remembers nothing.

import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  // No test is about the browser's own windows: they neither fade nor glide, and a site needs no process of its own.
  '--animation-duration-scale=0',
  '--wm-window-animations-disabled',
  '--disable-smooth-scrolling',
  '--disable-site-isolation-trials',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${[
    // Chromium loads the two popups of its address bar for each new window. That took four fifths of the time of a new page.
    'WebUIOmniboxPopup',
    'WebUIOmniboxAimPopup',
    // What Playwright turns off. Only the last list of a command line counts, and this is the last one.
    'AvoidCorsURLLoaderRestartOnRedirect',
    'AvoidUnnecessaryBeforeUnloadCheckSync',
    'DestroyProfileOnBrowserClose',
    'HttpsFirstBalancedModeAutoEnable',
    'HttpsUpgrades',
    'LensOverlay',
    'MediaRouter',
    'NetworkTimeServiceQuerying',
    'OptimizationHints',
    'PaintHolding',
    'PreconnectToSearch',
    'ThirdPartyStoragePartitioning',
  ].join(',')}`,
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
export function launchOptions(more: readonly string[] = []): { executablePath: string; args: string[] } {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error(
      'No Chromium was found. Install one (`apt-get install chromium`), or set CHROMIUM to the path of one.',
    );
  }
  return { executablePath, args: [...args, ...more] };
}

/**
 * Opens a window in which nothing moves by itself. Without a graphics card a single spinner takes a fifth of a core, as long
 * as a task runs.
 */
export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  await context.addInitScript(() => {
    const still = new CSSStyleSheet();
    still.replaceSync('.loading { mask-image: none !important; }');
    document.adoptedStyleSheets.push(still);
  });
  return context;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
