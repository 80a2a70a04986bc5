import type { Severity } from '../../checks/rule';
import type { ReportedPlace } from './places';
import type { Report, Reported } from './report';
import { notJudgedLines } from './text';

/** SARIF's words (OASIS: SARIF 2.1.0, 3.27.10). */
const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', advice: 'note' };
/** A column of GitHub's page of alerts: from 9 on it says critical (GitHub: SARIF support for code scanning). */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { error: '8.0', warning: '5.0', advice: '2.0' };

/** A report as SARIF 2.1.0, for code scanning: one result for each resource, with the cause as its message. */
export function reportAsSarif(report: Report, version: string): string {
  const { findings, acknowledged, problems } = report;
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const known = rules.map(({ rule }) => rule);
  const acknowledgedRules = [...new Set(acknowledged.map(({ rule }) => rule))].filter((rule) => !known.includes(rule));
  const notes = [
    ...problems.map((text) => ({ level: 'error', message: { text } })),
    ...notJudgedLines(report).map((text) => ({ level: 'note', message: { text: `Not judged: ${text}` } })),
    ...report.untold.map(({ rule, why, places }) => ({
      level: 'note',
      message: { text: `Cannot tell: ${rule}: ${places.map(({ path }) => path).join(', ')}: ${why}` },
    })),
  ];
  const results = [
    ...findings.flatMap((finding) => finding.places.map((place) => resultOf(finding, place))),
    ...acknowledged.map(({ rule, cause, reason, place }) => ({
      ruleId: rule,
      level: 'note',
      message: { text: cause },
      ...locatedAt(place),
      suppressions: [{ kind: 'inSource', justification: reason }],
    })),
  ];
  const driver = {
    name: 'Groundplan',
    semanticVersion: version,
    rules: [...rules.map(ruleOf), ...acknowledgedRules.map((id) => ({ id }))],
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [{ executionSuccessful: problems.length === 0, toolExecutionNotifications: notes }],
        results,
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function ruleOf({ rule, title, why, fix, severity, profile, tier, address }: Reported) {
  return {
    id: rule,
    name: rule,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} Fix: ${fix}` },
    ...(address === undefined ? {} : { helpUri: address }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: [profile, `tier-${tier}`],
      ...(profile === 'security' ? { 'security-severity': SECURITY_SEVERITY[severity] } : {}),
    },
  };
}

function resultOf({ rule, severity, cause, when, title, fix }: Reported, place: ReportedPlace) {
  const condition = when.length === 0 ? '' : `, when ${when.join(', or ')}`;
  return {
    ruleId: rule,
    level: LEVEL[severity],
    message: { text: `${title}. Here: ${cause}${condition}. Fix: ${fix}` },
    ...locatedAt(place),
  };
}

function locatedAt({ stack, path, file, line, fingerprint }: ReportedPlace) {
  const name = path.startsWith(`${stack}/`) ? path : `${stack}/${path}`;
  const physical =
    file === undefined
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
            region: { startLine: line ?? 1 },
          },
        };
  return {
    locations: [{ ...physical, logicalLocations: [{ fullyQualifiedName: name, kind: 'resource' }] }],
    partialFingerprints: { 'groundplan/v1': fingerprint },
  };
}
