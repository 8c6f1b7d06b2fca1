import type { RunOutcome } from '../harness/core/verdict.js';

/** One run with something to keep to. */
export interface TestCase {
  /** What runs of the same kind have in common. */
  readonly group: string;
  readonly name: string;
  readonly outcome: RunOutcome;
  /** Whether it is as it should be; null when the run could not tell. */
  readonly isGood: boolean | null;
  readonly message: string;
  readonly tookMs: number;
}

/** Runs as test cases in the XML that CI systems read (the format of Ant's JUnit task); one that cannot tell is an error. */
export function junitXml(suite: string, cases: readonly TestCase[]): string {
  const count = (isGood: boolean | null): number => cases.filter((each) => each.isGood === isGood).length;
  const totals = `tests="${cases.length}" failures="${count(false)}" errors="${count(null)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${escaped(suite)}" ${totals}>`,
    ...cases.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ group, name, isGood, outcome, message, tookMs }: TestCase): string {
  const head = `    <testcase classname="${escaped(group)}" name="${escaped(name)}" time="${(tookMs / 1000).toFixed(1)}"`;
  if (isGood === true) return `${head}/>`;
  const element = isGood === null ? 'error' : 'failure';
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
