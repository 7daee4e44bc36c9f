// What processes cost, as Linux counts it: CPU time in seconds, and the most memory ever held.
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc; Linux shows 100 to programs on every architecture. */
const TICKS = 100;

/** CPU time of a process with all its threads; of children that ended, too, if asked for. */
function cpuOf(pid: number, withChildren: boolean): number {
  const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  // The program's name, in parentheses, may hold spaces; the fields after it are numbered from 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11);
  return (utime + stime + (withChildren ? cutime + cstime : 0)) / TICKS;
}

export function cpuSeconds(pid: number): number {
  return cpuOf(pid, false);
}

/** CPU time of a process and of all its children, running or ended: PostgreSQL has one for each connection. */
export function familySeconds(pid: number): number {
  let sum = cpuOf(pid, true);
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      if (Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) === pid) {
        sum += cpuOf(Number(entry), true);
      }
    } catch {
      // It ended meanwhile; its parent counts it then.
    }
  }
  return sum;
}

/** Peak resident memory in MiB. */
export function peakMebibytes(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]) / 1024;
}
