import { counts, type Report } from './report';

/** A report for a program. Fields are added, and none is changed or taken out, while `version` stays. */
export function reportAsJson(report: Report): string {
  const { findings, untold, ...more } = report;
  return JSON.stringify({ version: 1, counts: counts(findings), findings, cannotTell: untold, ...more }, undefined, 2);
}
