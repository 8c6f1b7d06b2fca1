import { fingerprints, type NightRow } from './night.js';
import { reasonOf } from './summary.js';

/** Where issues are kept: the variables that GitHub Actions sets, and a token that may write issues. */
export interface IssueTracker {
  /** `GITHUB_API_URL`, e.g. https://api.github.com */
  readonly apiUrl: string;
  /** `GITHUB_REPOSITORY`, e.g. owner/name */
  readonly repository: string;
  readonly token: string;
  /** Where the night can be looked at; null when there is no such place. */
  readonly nightUrl: string | null;
}

const LABEL = 'leak-soak';

/** What an issue's text carries so that later nights find it. */
const marker = (fingerprint: string): string => `<!-- leak-soak:${fingerprint} -->`;

interface Issue {
  readonly number: number;
  readonly body: string | null;
}

/**
 * Opens an issue for each leak of a night, or adds a comment to the one that is open. Returns a line for each.
 *
 * @throws Error when the tracker answers anything but success; what was written before stays written.
 */
export async function reportLeaks(
  rows: readonly NightRow[],
  tracker: IssueTracker,
): Promise<readonly string[]> {
  const leaks = rows.flatMap((row) => fingerprints(row).map((fingerprint) => ({ fingerprint, row })));
  if (leaks.length === 0) return [];
  const open = await openIssues(tracker);
  const lines: string[] = [];
  for (const { fingerprint, row } of leaks) {
    const known = open.find(({ body }) => body?.includes(marker(fingerprint)) ?? false);
    const text = [
      reasonOf(row),
      ...(row.verdict === null ? [] : ['', 'Repeat it with:', '', `    ${row.verdict.reproduce}`]),
      ...(tracker.nightUrl === null ? [] : ['', `Night: ${tracker.nightUrl}`]),
    ].join('\n');
    if (known === undefined) {
      const body = `${text}\n\n${marker(fingerprint)}\n`;
      const made = (await ask(tracker, 'POST', '/issues', {
        title: `Leak: ${fingerprint}`,
        body,
        labels: [LABEL],
      })) as Issue;
      lines.push(`${fingerprint}: opened issue ${made.number}`);
    } else {
      await ask(tracker, 'POST', `/issues/${known.number}/comments`, { body: `Seen again.\n\n${text}\n` });
      lines.push(`${fingerprint}: added to issue ${known.number}`);
    }
  }
  return lines;
}

async function openIssues(tracker: IssueTracker): Promise<readonly Issue[]> {
  const issues: Issue[] = [];
  for (let page = 1; ; page++) {
    const path = `/issues?state=open&labels=${LABEL}&per_page=100&page=${page}`;
    const found = (await ask(tracker, 'GET', path)) as readonly Issue[];
    issues.push(...found);
    if (found.length < 100) return issues;
  }
}

async function ask(tracker: IssueTracker, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${tracker.apiUrl}/repos/${tracker.repository}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${tracker.token}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'leak-soak',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) {
    throw new Error(
      `${method} ${tracker.repository}${path}: ${response.status} ${(await response.text()).slice(0, 200)}`,
    );
  }
  return response.json();
}
