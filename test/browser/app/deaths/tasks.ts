/** Passes a door of the test's own web server. */
async function pass(door: string): Promise<void> {
  await (await fetch(door)).text();
}

/** Six lines, each with how far it is; stops at a door before the first one and at another in the middle. */
export async function* work(doors: string): AsyncGenerator<number | string, string> {
  await pass(`${doors}.begun`);
  for (let line = 0; line < 6; line++) {
    if (line === 3) await pass(`${doors}.middle`);
    yield `line ${line}`;
    yield (line + 1) / 6;
  }
  return 'six lines';
}

/** Stops at a door and gives its name back. */
export async function echo(door: string, name: string): Promise<string> {
  await pass(door);
  return name;
}
