/**
 * Asks the node and unbound the same questions about the same data, answer by answer:
 * `npm run compare:unbound -- [--port 5391] [--only TEXT]`. A third unbound has the data; the two ask it, the node first as a
 * resolver and then as the root, with names in letters of random case. Each question is
 * asked twice, so that the second answer comes from the cache. Prints what they do not agree on.
 *
 * Ends 0 when there is no difference but those explained below, 1 when there is, and says that it is skipped where unbound
 * is not installed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnswerFacts, readFacts } from './compare/answer-facts.js';
import { ask, describe } from './compare/ask.js';
import { differences } from './compare/differences.js';
import { EXPLAINED } from './compare/explained.js';
import { allQuestions, type Question } from './compare/questions.js';
import { AUTHORITY, authZones, forwardTo, REFERENCE } from './compare/unbound-settings.js';
import { otherText, zoneText } from './compare/zone.js';
import { findProgram, launchUnbound } from './load-bench/unbound.js';
import { type StartedNode, startNode } from './node/start-node.js';
import { scriptArguments, wholeNumber } from './script-arguments.js';

const values = scriptArguments('usage: npm run compare:unbound -- [--port 5391] [--only TEXT]', {
  port: { type: 'string', default: '5391' },
  only: { type: 'string' },
});
const port = wholeNumber('port', values.port);
/** How the node is told of the server with the data: as a resolver to ask, and as the root to begin at. */
const WAYS = { forwarding: 'forwarders', 'from the root': 'roots' } as const;
const PER_ROUND = 20;
const SHOWN = 40;

const program = findProgram('unbound');
if (program === null) console.log('skipped: this comparison needs unbound (apt install unbound)');
else process.exitCode = await compare(program);

async function compare(unbound: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'compare-unbound-'));
  writeFileSync(join(folder, 'zone'), zoneText());
  writeFileSync(join(folder, 'other'), otherText());
  const authority = await launchUnbound(unbound, port, AUTHORITY, authZones(folder));
  let found = 0;
  try {
    for (const [way, key] of Object.entries(WAYS)) {
      // A new one each time: TTLs count from the first answer.
      const reference = await launchUnbound(unbound, port + 1, REFERENCE, forwardTo(port));
      const node = await startNode(`[dns]\n${key} = ["127.0.0.1:${port}"]\nenable_0x20 = true\n`);
      console.log(`${way}:`);
      found += await askAll(node, reference.port);
      await Promise.all([reference.close(), node.stop()]);
    }
  } finally {
    await authority.close();
    rmSync(folder, { recursive: true });
  }
  return found === 0 ? 0 : 1;
}

/** Returns the number of unexplained differences. */

async function askAll(node: StartedNode, reference: number): Promise<number> {
  const questions = allQuestions().filter(
    (question) => values.only === undefined || describe(question).includes(values.only),
  );
  const startMs = performance.now();
  const explained = new Map<string, number>();
  const unexplained: string[] = [];
  const checkBoth = async (question: Question, index: number): Promise<void> => {
    for (const turn of ['first', 'cached']) {
      const [own, other] = await Promise.all([
        facts(node.port, question, index),
        facts(reference, question, index),
      ]);
      for (const difference of differences(own, other, (performance.now() - startMs) / 1000)) {
        const reason = EXPLAINED.find(({ matches }) => matches(question, own, other))?.reason;
        if (reason !== undefined) explained.set(reason, (explained.get(reason) ?? 0) + 1);
        else unexplained.push(`${describe(question)} (${turn}): ${difference}`);
      }
    }
  };
  for (let start = 0; start < questions.length; start += PER_ROUND) {
    const round = questions.slice(start, start + PER_ROUND);
    await Promise.all(round.map((question, index) => checkBoth(question, start + index)));
  }
  for (const line of unexplained.slice(0, SHOWN)) console.log(line);
  if (unexplained.length > SHOWN) console.log(`… and ${unexplained.length - SHOWN} more`);
  for (const [reason, count] of explained) console.log(`explained, ${count} times: ${reason}`);
  console.log(`${questions.length} questions, each twice: ${unexplained.length} unexplained differences`);
  return unexplained.length;
}

async function facts(at: number, question: Question, index: number): Promise<AnswerFacts | null> {
  const name = question.labels.map((label) => String.fromCharCode(label.length) + label).join('');
  const bytes = Buffer.from([0, question.type >>> 8, question.type & 255, 0, 1]);
  const response = await ask(at, question, index & 0xffff);
  return response === null
    ? null
    : readFacts(response, { question: Buffer.concat([Buffer.from(name, 'latin1'), bytes]) });
}
