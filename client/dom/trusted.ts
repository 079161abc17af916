interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string | null }): unknown;
  readonly defaultPolicy: unknown;
}

/**
 * Lets libraries set texts without markup as `innerHTML`, which empties an element or names a button. The browser refuses
 * everything else, by the Content-Security-Policy.
 */
export function allowTexts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes || trustedTypes.defaultPolicy) return;
  // By an empty picture, Leaflet finds out what the browser draws.
  const isPlain = (text: string) => text === '<svg/>' || !/[<&]/.test(text);
  trustedTypes.createPolicy('default', { createHTML: (text) => (isPlain(text) ? text : null) });
}
