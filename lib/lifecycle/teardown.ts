import { isFreeWhileUnused, keptCost } from '../facts/deletion';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import { known, onDelete } from './deletion';

/** Resources of a type that a deletion leaves. */
export interface Leftover {
  readonly type: string;
  readonly count: number;
  /** What it costs a month (us-east-1). @default - not known here, which is not for free */
  readonly cost?: string;
}

/** What the deletion of stacks takes, and what it leaves. */
export interface Teardown {
  /** What stops the deletion until its protection is off. */
  readonly refused: readonly Leftover[];
  /** What stays, until someone deletes it. */
  readonly kept: readonly Leftover[];
}

/** What costs nothing by itself and goes with what it belongs to: a person need not look for it. */
const PARTS: ReadonlySet<string> = new Set(['AWS::S3::BucketPolicy', 'AWS::Logs::LogStream']);

/** What the deletion of stacks leaves, by type, the commonest first. */
export function teardownOf(index: TemplateIndex): Teardown {
  const by = (outcome: 'kept' | 'refused') =>
    leftovers(index.resources.filter((each) => !PARTS.has(each.type) && known(onDelete, each) === outcome));
  return { refused: by('refused'), kept: by('kept') };
}

function leftovers(resources: readonly TemplateResource[]): readonly Leftover[] {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([type, count]) => {
      const cost = keptCost(type) ?? (isFreeWhileUnused(type) ? 'nothing' : undefined);
      return { type, count, ...(cost !== undefined && { cost }) };
    });
}

/** The same as a table of Markdown, for a README. */
export function teardownAsMarkdown({ refused, kept }: Teardown): string {
  if (refused.length + kept.length === 0) return 'Deleting the stacks leaves nothing behind.';
  const row = ({ type, count, cost }: Leftover) => `| \`${type}\` | ${count} | ${cost ?? 'see its pricing page'} |`;
  const table = ['| stays | how many | a month, until you delete it |', '|---|---|---|', ...kept.map(row)];
  const stops = refused.map(({ type, count }) => `${count} \`${type}\``).join(', ');
  return [
    ...(stops === '' ? [] : [`Deletion protection stops the deletion until you turn it off: ${stops}.`, '']),
    ...(kept.length === 0 ? [] : table),
  ].join('\n');
}

/** The same for a terminal. */
export function teardownAsText({ refused, kept }: Teardown): string {
  const line = ({ type, count, cost }: Leftover) =>
    `  ${count} ${type}${cost === undefined ? '' : `, a month: ${cost}`}`;
  if (refused.length + kept.length === 0) return 'Deletion leaves nothing behind.';
  return [
    ...(refused.length === 0 ? [] : ['Protected: turn deletion protection off before you delete the stacks.']),
    ...refused.map(line),
    ...(kept.length === 0 ? [] : ['Deletion leaves, until you delete it:']),
    ...kept.map(line),
  ].join('\n');
}
