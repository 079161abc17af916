/** Returns a colour of the theme at an element as a library can take it, or the colour itself. */
export function colorOf(element: Element, name: string): string {
  const probe = document.createElement('canvas').getContext('2d');
  const value = getComputedStyle(element).getPropertyValue(`--color-${name}`).trim() || name;
  if (!probe) return value;
  // A canvas gives back oklch colours as numbers of red, green and blue.
  probe.fillStyle = value;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Returns true where the theme is dark. */
export function isDark(element: Element): boolean {
  const scheme = getComputedStyle(element).colorScheme;
  return scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}

/** Calls a function when the theme of the document changes. Returns what ends that. */
export function onTheme(changed: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'style'] });
  media.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', changed);
  };
}
