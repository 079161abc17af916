// Queries the operating system for processes: /proc where it exists, otherwise `ps`.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** Returns all processes below `pid`, parents before children. Omits a process that ends meanwhile. */
export function descendants(pid: number): Process[] {
  const all = existsSync('/proc/self/stat') ? fromProc() : fromPs();
  const found: Process[] = [];
  const parents = [pid];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    for (const process of all) {
      if (process.parent !== parent) continue;
      found.push(process);
      parents.push(process.pid);
    }
  }
  return found;
}

/**
 * Returns the workerd that runs a Worker's code, below the `wrangler dev` of this port.
 * Wrangler's proxy listens on the port. The workerd with the code starts later, on another port.
 */
export function workerdOf(wrangler: number, port: number): number | undefined {
  return descendants(wrangler)
    .filter(({ command }) => /workerd\S* serve/.test(command) && !command.includes(`=127.0.0.1:${port} `))
    .at(-1)?.pid;
}

/** Returns true while the process runs. A dead one whose parent has not collected it does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (!existsSync('/proc/self/stat')) return true;
  return readProc(pid) !== undefined;
}

/** Returns when a process started, as text to compare. Undefined when there is no such process. */
export function startOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    if (!existsSync('/proc/self/stat')) {
      return execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' }).trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // The process ended meanwhile.
  }
}

/** Returns the CPU time that a process has used, in milliseconds. Undefined where the system does not say it. */
export function cpuTimeOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // User and system time, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

/** Sends a signal to a process group and returns whether the group existed. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

function fromProc(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readProc(Number(pid))).filter((process) => process !== undefined);
}

function readProc(pid: number): Process | undefined {
  try {
    // "pid (name, which may hold spaces and brackets) state parent ..."
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return { pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
  } catch {
    return undefined; // The process ended between the listing and the reading.
  }
}

function fromPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  const found: Process[] = [];
  for (const line of lines) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match && !match[3]?.startsWith('Z')) {
      found.push({ pid: Number(match[1]), parent: Number(match[2]), command: match[4] ?? '' });
    }
  }
  return found;
}
