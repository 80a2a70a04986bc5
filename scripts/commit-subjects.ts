import { spawnSync } from 'node:child_process';

/** What a terminal and most hosts of repositories show whole. */
const MOST = 72;
const FORM = /^[a-z0-9][a-z0-9./-]*: \S/;

/** What is wrong with a commit's subject, if anything is. */
export function faultOf(subject: string): string | undefined {
  const length = [...subject].length;
  if (!FORM.test(subject)) return 'is not "area: what", with the area in lower case';
  return length > MOST ? `has ${length} characters, of ${MOST} at most` : undefined;
}

/** The commits to check. */
export interface History {
  /** Subjects, newest first, without merges. */
  readonly subjects: readonly string[];
  /** Why they are not all since the commit named. */
  readonly cut?: string;
}

/**
 * Reads what came after a commit. A shallow clone may not have it: then all that is there is younger, and is read. A folder that is no
 * git repository has nothing to check.
 */
export function historySince(folder: string, commit: string): History {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  const isThere = (name: string) => git('cat-file', '-e', `${name}^{commit}`).status === 0;
  if (!isThere('HEAD')) return { subjects: [], cut: 'there is no history here' };
  const whole = isThere(commit);
  const { status, stdout, stderr } = git('log', '--no-merges', '--format=%s', whole ? `${commit}..HEAD` : 'HEAD');
  if (status !== 0) throw new Error(`git log: ${stderr}`);
  const subjects = stdout.split('\n').slice(0, -1);
  return whole ? { subjects } : { subjects, cut: `this clone does not go back to ${commit}` };
}
