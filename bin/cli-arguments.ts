import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The shell that the CLI starts an app in, and what `npx` adds. */
const MAX_ANCESTORS = 3;
/** The CLI's own script, however it was installed. */
const CLI = /(^|[\\/])(cdk|aws-cdk[\\/]bin[\\/]cdk)(\.js)?$/;

/**
 * What follows `cdk` on the command line that started this process, so that only what is asked for is built: the CLI does not tell
 * its app. Undefined where another program started it, or the system does not say.
 */
export function cliArguments(): readonly string[] | undefined {
  let pid = process.ppid;
  for (let up = 0; up < MAX_ANCESTORS && pid > 1; up += 1) {
    const found = processOf(pid);
    if (found === undefined) return undefined;
    const at = found.args.findIndex((arg) => CLI.test(arg));
    // A shell has the whole command in one argument, which is no path of a script.
    if (at >= 0 && /node/.test(found.args[0] ?? '')) return found.args.slice(at + 1);
    pid = found.parent;
  }
  return undefined;
}

function processOf(pid: number): { readonly args: readonly string[]; readonly parent: number } | undefined {
  try {
    if (process.platform === 'linux') {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      const [, parent = '0'] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return { args, parent: Number(parent) };
    }
    if (process.platform === 'win32') return undefined;
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parent = '0', ...args] = line.split(/\s+/);
    return { args, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
