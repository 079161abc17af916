import { type Json, safeUrl } from '../../../src/protocol/index.ts';

/** The actions of `ui.navigate` and `ui.browser`, by their names on the wire. */
const actions: { readonly [name: string]: (...args: readonly Json[]) => unknown } = {
  navigate(address, how) {
    const url = typeof address === 'string' ? safeUrl(address) : undefined;
    if (url === undefined) return;
    if (how === 'open') open(url, '_blank', 'noopener');
    else if (how === 'replace') location.replace(url);
    else location.assign(url);
  },
  back: () => history.back(),
  forward: () => history.forward(),
  reload: () => location.reload(),
  download(address, name) {
    const link = document.createElement('a');
    link.href = safeUrl(String(address)) ?? '';
    link.download = String(name);
    link.click();
  },
  print: () => print(),
  scrollTo(where, smooth) {
    const page = document.documentElement;
    const top = where === 'bottom' ? page.scrollHeight : typeof where === 'number' ? where : 0;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    scrollTo({ top, behavior: smooth && !calm ? 'smooth' : 'instant' });
  },
  copy: (text) => navigator.clipboard.writeText(String(text)),
  fullscreen: (on) => (on ? document.documentElement.requestFullscreen() : document.exitFullscreen()),
  store(key, text) {
    if (typeof text === 'string') localStorage.setItem(String(key), text);
    else localStorage.removeItem(String(key));
  },
};

/** Runs a named action. What a browser refuses, such as the clipboard without a click, is a line in its console. */
export async function act(name: string, args: readonly Json[]): Promise<void> {
  if (!Object.hasOwn(actions, name)) return;
  try {
    await actions[name]?.(...args);
  } catch (error) {
    console.warn(`The browser refused ${name}:`, error);
  }
}
