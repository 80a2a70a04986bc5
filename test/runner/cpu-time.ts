import { readFileSync } from 'node:fs';

/** Ticks of the kernel's process times in a second: 100 on every Linux that Node.js runs on (man 5 proc, man 3 sysconf). */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds that this process has used, and all of its children that have ended.
 *
 * Without /proc the children are not known, and only this process counts.
 */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childSeconds();
}

function childSeconds(): number {
  try {
    // Fields 16 and 17, counted after the name in brackets, which may hold spaces: cutime and cstime.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}
