import type { Severity } from '../../checks/rule';
import { SEVERITIES } from './options';
import type { Report } from './report';
import { notJudgedLines, whereOf } from './text';

/**
 * A report as JUnit's XML, for a CI's page of tests: one case for each rule at each resource. Below the severity that fails, a case passes
 * and says what was found; what cannot be told is skipped.
 */
export function reportAsJunit(report: Report, severity: Severity): string {
  const { findings, untold, problems } = report;
  const fails = (each: Severity) => SEVERITIES.indexOf(each) <= SEVERITIES.indexOf(severity);
  const found = findings.flatMap(({ rule, severity: own, title, cause, fix, address = '', places }) =>
    places.map((place) => {
      const text = escaped(`${whereOf(place)}\n${cause}\nFix: ${fix}\n${address}`);
      const inner = fails(own)
        ? `<failure type="${own}" message="${escaped(`${title}. Here: ${cause}`)}">${text}</failure>`
        : `<system-out>${escaped(`${own}: ${title}.`)}\n${text}</system-out>`;
      return testCase(rule, place.path, inner);
    }),
  );
  const skipped = untold.flatMap(({ rule, why, places }) =>
    places.map(({ path }) => testCase(rule, path, `<skipped message="${escaped(why)}"/>`)),
  );
  const unread = problems.map((each) =>
    testCase('read', each, `<error type="cannot-read" message="${escaped(each)}"/>`),
  );
  const all = [...unread, ...found, ...skipped];
  const cases = all.length === 0 ? [testCase('groundplan', 'check', '')] : all;
  const failures = findings.filter((each) => fails(each.severity)).reduce((sum, { places }) => sum + places.length, 0);
  const numbers = `tests="${cases.length}" failures="${failures}" errors="${unread.length}" skipped="${skipped.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="groundplan check" ${numbers}>`,
    `  <testsuite name="groundplan check" ${numbers}>`,
    ...cases,
    `    <system-out>${escaped(
      notJudgedLines(report)
        .map((line) => `Not judged: ${line}`)
        .join('\n'),
    )}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function testCase(rule: string, name: string, inner: string): string {
  return `    <testcase classname="${escaped(rule)}" name="${escaped(name)}">${inner}</testcase>`;
}

/** Characters that XML does not know at all are left out (W3C: XML 1.0, 2.2). */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
