// The functions by which an author describes a page. Each call makes an element in the slot of the running code.

export { computed } from './computed.ts';
export { now, random, state } from './durable-values.ts';
export { each, region, show } from './dynamic.ts';
export * from './elements.gen.ts';
export { jobs } from './jobs-panel.ts';
export { job } from './named-job.ts';
