export type {
  Delivery,
  FileBucket,
  FileContent,
  FileEvent,
  FilesApi,
  FilesHost,
  NextPart,
  Offered,
  Received,
  Refusal,
  ServedFile,
  StoredPart,
  Ticket,
} from './api.ts';
export { Files } from './files.ts';
export { fileLimits } from './limits.ts';
export { contradiction, safeName, safeType, servedType } from './names.ts';
