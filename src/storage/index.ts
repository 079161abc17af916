export { activationOf, StoredActivation } from './activation.ts';
export { Committer, type CommitterHost, type UnitOfWork } from './committer.ts';
export { DueRows } from './due-rows.ts';
export { MemoryStore } from './memory.ts';
export { objectClock } from './object-clock.ts';
export { isReset } from './reset.ts';
export { comparableText, copyOf, decode, encode, isSameText, jsonOf } from './serialize.ts';
export { bytesBeside, checkCellSize } from './size.ts';
export { splitText } from './split.ts';
export { SqliteStore } from './sqlite.ts';
export {
  type CellRow,
  type DueRow,
  type FileRow,
  type JobRow,
  type PageRow,
  type PartRow,
  parked,
  type Store,
} from './store.ts';
