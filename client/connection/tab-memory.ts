import type { ConnectionStorage } from './connection.ts';

// What a tab remembers of the page that it shows, for its next document.

/** Keys of the page that the tab showed last, and of its path. */
const pageKey = 'edgewise:page';
const pathKey = 'edgewise:path';

/** Returns the page that the tab showed last. */
export function lastPage(storage: ConnectionStorage): string | undefined {
  return read(storage, pageKey);
}

/** Returns its path and query. */
export function lastPath(storage: ConnectionStorage): string | undefined {
  return read(storage, pathKey);
}

/** Remembers the page that the tab shows, with its path and query, for the next document of the tab. */
export function rememberPage(storage: ConnectionStorage, page: string | undefined, path = ''): void {
  try {
    storage.set(pathKey, path);
    if (page) storage.set(pageKey, page);
    else storage.remove(pageKey);
  } catch {
    // Without storage, the cookie set at `beforeunload` still brings a reload back to its page.
  }
}

/** Returns the name of the lock that the tab with the page has. */
export function lockName(page: string): string {
  return `edgewise:${page}`;
}

function read(storage: ConnectionStorage, key: string): string | undefined {
  try {
    return storage.get(key) ?? undefined;
  } catch {
    return undefined;
  }
}
