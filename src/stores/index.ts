export { type Storage, type StorageScope, type Stored, storage } from './api.ts';
export { storeLimits } from './limits.ts';
export { PageValues, type PageValuesHost } from './page-values.ts';
export { Values, type ValuesHost } from './values.ts';
