export * from '../tasks/tasks.ts';
