const harmless = /^(https?|mailto|tel|blob)$/;

/**
 * Returns the URL when it cannot run code: relative, or of a harmless scheme; with `picture` also a `data:` image, sound or film.
 * It ignores control characters in a scheme, because browsers do.
 */
export function safeUrl(url: string, picture = false): string | undefined {
  const plain = url.replace(/[\0-\x20]/g, '');
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(plain)?.[1]?.toLowerCase();
  if (scheme === undefined || harmless.test(scheme) || (picture && /^data:(image|audio|video)\//i.test(plain)))
    return url;
  return undefined;
}
