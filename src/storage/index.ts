export { Committer, type CommitterHost, type UnitOfWork } from './committer.ts';
export { DueRows } from './due-rows.ts';
export { MemoryStore } from './memory.ts';
export { isReset, watchForReset } from './reset.ts';
export { comparableText, decode, encode, withoutStacks } from './serialize.ts';
export { checkCellSize } from './size.ts';
export { SqliteStore } from './sqlite.ts';
export { type CellRow, type DueRow, type JobRow, type PageRow, type PartRow, parked, type Store } from './store.ts';
