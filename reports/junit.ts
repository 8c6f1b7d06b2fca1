import { type RowResult, rowName } from '../harness/core/matrix.js';

/** Rows as test cases in the XML that CI systems read (the format of Ant's JUnit task); one that cannot tell is an error. */
export function junitXml(suite: string, results: readonly RowResult[]): string {
  const count = (asDeclared: boolean | null): number =>
    results.filter((result) => result.asDeclared === asDeclared).length;
  const totals = `tests="${results.length}" failures="${count(false)}" errors="${count(null)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${escaped(suite)}" ${totals}>`,
    ...results.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ row, asDeclared, outcome, message, tookMs }: RowResult): string {
  const head = `    <testcase classname="${escaped(row.scenario)}" name="${escaped(rowName(row))}" time="${(tookMs / 1000).toFixed(1)}"`;
  if (asDeclared === true) return `${head}/>`;
  const element = asDeclared === null ? 'error' : 'failure';
  return `${head}><${element} message="${escaped(`${outcome}: ${message}`)}"/></testcase>`;
}

/** XML 1.0 allows no control characters but tab and line ends, not even as references. */
function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
