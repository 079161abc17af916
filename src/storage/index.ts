export { MemoryStore } from './memory.ts';
export { SqliteStore } from './sqlite.ts';
export type { CellRow, DueRow, PageRow, Store } from './store.ts';
