import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Checked, checkTemplates } from '../../checks/check-templates';
import { notJudged } from '../../checks/not-judged';
import { circularReferences } from '../../template/circular-references';
import { findTemplates, type TemplatesFound } from '../../template/read-templates';
import type { Command } from '../command';
import type { Terminal } from '../terminal';
import { readBaseline, writeBaseline } from './baseline';
import { explained, listedRules } from './explain';
import { reportAsJson } from './json';
import { reportAsJunit } from './junit';
import { reportAsMarkdown } from './markdown';
import { type CheckOptions, readCheckOptions, SEVERITIES, USAGE } from './options';
import { parameterProblems } from './parameters';
import { Places } from './places';
import { causes, type Report, type Single, sorted } from './report';
import { reportAsSarif } from './sarif';
import { reportAsText, summary } from './text';

/** `groundplan check`: judges anyone's templates by the rules. */
export const checkCommand: Command = {
  usage: USAGE,
  run: async (args, terminal) => check(readCheckOptions(args), terminal),
};

function check(options: CheckOptions, terminal: Terminal): number {
  const { explain, list, rules, writeBaseline: file } = options;
  if (explain !== undefined || list) {
    terminal.out(explain === undefined ? listedRules(rules) : explained(explain));
    return 0;
  }
  const known = options.baseline === undefined ? undefined : readBaseline(options.baseline);
  const { report, singles } = reportOn(options, known, new Date(terminal.now()).toISOString().slice(0, 10));
  if (file !== undefined) {
    for (const problem of report.problems) terminal.err(problem);
    writeBaseline(file, singles);
    terminal.out(
      `${summary(report)}\nWrote ${singles.length} to ${file}: groundplan check --baseline ${file} leaves them out.`,
    );
    return report.problems.length > 0 ? 2 : 0;
  }
  terminal.out(written(report, options));
  // A program reads the result alone; a person sees there what could not be read.
  if (options.format !== 'text') for (const problem of report.problems) terminal.err(problem);
  if (report.problems.length > 0) return 2;
  const bar = SEVERITIES.indexOf(options.severity);
  return report.findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= bar) ? 1 : 0;
}

function written(report: Report, { format, severity }: CheckOptions): string {
  switch (format) {
    case 'json':
      return reportAsJson(report);
    case 'sarif':
      return reportAsSarif(report, ownVersion());
    case 'junit':
      return reportAsJunit(report, severity);
    case 'markdown':
      return reportAsMarkdown(report);
    case 'text':
      return reportAsText(report);
  }
}

interface Found {
  readonly report: Report;
  readonly singles: readonly Single[];
}

function reportOn(
  { paths, rules, parameters, region }: CheckOptions,
  known: ReadonlySet<string> | undefined,
  today: string,
): Found {
  const set = findTemplates(paths);
  const checked = checkTemplates(set, { rules, parameters, region });
  const places = new Places(set, process.cwd());
  const { singles: all, untold, acknowledged } = sorted(checked, rules, places, today);
  const singles = all.filter(({ place }) => known?.has(place.fingerprint) !== true);
  const report: Report = {
    findings: causes(singles),
    untold,
    acknowledged,
    baselined: all.length - singles.length,
    notJudged: notJudged(checked.inventory, checked.resources),
    problems: [...set.problems, ...parameterProblems(parameters, set), ...circles(checked, places)],
    passedOver: set.passedOver.map((file) => relative(process.cwd(), file)),
    judged: { resources: checked.resources.length, stacks: stacksIn(set), rules: rules.length },
  };
  return { report, singles };
}

function stacksIn({ templates }: TemplatesFound): number {
  return Object.keys(templates).length;
}

function circles({ inventory }: Checked, places: Places): readonly string[] {
  return circularReferences(inventory).map((circle) => {
    const [first] = circle;
    const { file, line } = first === undefined ? {} : places.of(first, '');
    const where = file === undefined ? (first?.stack ?? '') : `${file}:${line ?? 1}`;
    return `${where}: circular references, which CloudFormation refuses: ${circle.map(({ logicalId }) => logicalId).join(', ')}`;
  });
}

/** Of this package: beside the sources, or two folders further up where it is built. */
function ownVersion(): string {
  for (const up of ['../../..', '../../../..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8')) as {
        readonly name?: string;
        readonly version?: string;
      };
      if (name === 'groundplan' && version !== undefined) return version;
    } catch {
      // It is not there.
    }
  }
  return '0.0.0';
}
