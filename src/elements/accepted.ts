/**
 * Returns true when a file is of the types that `accept` lists, as in HTML: `.pdf`, `image/*`, `text/csv`. A browser only suggests
 * such files; the server decides.
 */
export function isAccepted(accept: string, name: string, type: string): boolean {
  const wanted = accept
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter(Boolean);
  if (wanted.length === 0) return true;
  return wanted.some((each) => {
    if (each.startsWith('.')) return name.toLowerCase().endsWith(each);
    if (each === '*/*') return true;
    return each.endsWith('/*') ? type.toLowerCase().startsWith(each.slice(0, -1)) : type.toLowerCase() === each;
  });
}
