import { wrapped } from '../../lifecycle/wording';
import type { ReportedPlace } from './places';
import { counts, type Report, type Reported, type Untold } from './report';

/** Resources that a finding shows by name; of the others it says how many. */
const SHOWN = 8;

/** A report for a person: what could not be read, what is wrong, worst first, and what nothing is said of. */
export function reportAsText(report: Report): string {
  const { findings, untold, acknowledged, problems } = report;
  const acknowledgedLines = acknowledged.map(
    ({ rule, place, reason, until }) =>
      `  ${rule} at ${whereOf(place)}: ${reason}${until === undefined ? '' : ` (until ${until})`}`,
  );
  return [
    ...problems.map((each) => `CANNOT READ  ${each}`),
    ...byRule(findings).map(findingAsText),
    ...section('CANNOT TELL: known only at deployment', untold.map(untoldAsText)),
    ...section('ACKNOWLEDGED', acknowledgedLines),
    ...section('NOT JUDGED', notJudgedLines(report)),
    summary(report),
  ].join('\n\n');
}

/** Numbers of what was found, in one line. */
export function summary({ findings, untold, acknowledged, baselined, problems, judged }: Report): string {
  const { error, warning, advice } = counts(findings);
  const parts = [
    numbered(error, 'error'),
    numbered(warning, 'warning'),
    `${advice} advice`,
    ...(untold.length > 0 ? [`${untold.length} undecided`] : []),
    ...(acknowledged.length > 0 ? [`${acknowledged.length} acknowledged`] : []),
    ...(baselined > 0 ? [`${baselined} in the baseline`] : []),
    ...(problems.length > 0 ? [`${problems.length} not read`] : []),
  ];
  const { resources, stacks, rules } = judged;
  return `${parts.join(', ')}. ${numbered(resources, 'resource')} of ${numbered(stacks, 'stack')}, judged by ${numbered(rules, 'rule')}.`;
}

/** What was not judged, one line each. */
export function notJudgedLines({ notJudged, passedOver }: Report): readonly string[] {
  const lines = notJudged.map(({ why, count, types }) => {
    const names = Object.entries(types).map(([type, of]) => (of === 1 ? type : `${of} ${type}`));
    return `${count}: ${why}: ${names.join(', ')}`;
  });
  return passedOver.length === 0
    ? lines
    : [...lines, `${numbered(passedOver.length, 'file')} of the folders: no template: ${passedOver.join(', ')}`];
}

function numbered(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [[title, ...lines.flatMap((line) => wrapped('  ', line.trimStart()))].join('\n')];
}

/** Causes of one rule and severity, which share what it says. */
function byRule(findings: readonly Reported[]): readonly (readonly Reported[])[] {
  const groups = new Map<string, Reported[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.rule}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function findingAsText(found: readonly Reported[]): string {
  const [first] = found;
  if (first === undefined) return '';
  return [
    `${first.severity.toUpperCase()}  ${first.rule}: ${first.title}`,
    ...found.flatMap(({ cause, when, places }) => [
      ...wrapped('  ', `${cause}${when.length === 0 ? '' : `, when ${when.join(', or ')}`}:`),
      ...shown(places),
    ]),
    ...wrapped('  Why: ', first.why),
    ...wrapped('  Fix: ', first.fix),
    ...(first.address === undefined ? [] : [`  ${first.address}`]),
  ].join('\n');
}

function shown(places: readonly ReportedPlace[]): readonly string[] {
  // One more line says no less than its name.
  const first = places.length === SHOWN + 1 ? places : places.slice(0, SHOWN);
  const more = places.length - first.length;
  return [
    ...first.map((place) => `    ${whereOf(place)} (${place.type})`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

/** A place for a person: the file and line, and the construct path or logical id. */
export function whereOf({ stack, path, file, line }: ReportedPlace): string {
  if (file === undefined) return path.startsWith(`${stack}/`) ? path : `${stack}: ${path}`;
  return `${file}${line === undefined ? '' : `:${line}`}  ${path}`;
}

function untoldAsText({ rule, why, places: [first, ...more] }: Untold): string {
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${rule}: ${first === undefined ? '' : first.path}${others}: ${why}`;
}
