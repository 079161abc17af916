/**
 * Replaces the application's style sheet, and no other. The old sheet stays until the new one is loaded, because the page would
 * flash without one.
 *
 * @throws Error when the sheet does not load.
 */
export function restyle(address: string | undefined): Promise<void> {
  const sheets = () => [...document.querySelectorAll<HTMLLinkElement>('link[data-edgewise-styles]')];
  const old = sheets().pop();
  if (!old || !address || old.getAttribute('href') === address) return Promise.resolve();
  const link = old.cloneNode() as HTMLLinkElement;
  link.href = address;
  return new Promise((resolve, reject) => {
    link.onload = () => {
      // A sheet that has come meanwhile follows this one.
      for (const before of sheets().slice(0, sheets().indexOf(link))) before.remove();
      resolve();
    };
    link.onerror = () => {
      link.remove();
      reject(new Error(`The style sheet ${address} did not load.`));
    };
    old.after(link);
  });
}
