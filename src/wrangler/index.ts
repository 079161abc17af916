export { type BundledFile, removeOthers, writeBuilt, writeChanged } from './built-files.ts';
export { type KillSwitch, killVariable, openKillSwitch } from './kill-switch.ts';
export { isNews } from './news.ts';
export { freePort, refuseBusyPort } from './ports.ts';
export { descendants, isAlive, type Process, signalGroup, workerdOf } from './processes.ts';
export { kill, type RunningServer, runningServers, serversBelow } from './running.ts';
export { claimState } from './state-lock.ts';
export { waitUntil } from './wait.ts';
export {
  type RunnableWorker,
  type Server,
  type ServerClass,
  type ServerOptions,
  WranglerServer,
} from './wrangler-server.ts';
