/** `npm run bench:verdict`: how often the trend engine and simpler gates are wrong on traces of known growth. */
import { pathToFileURL } from 'node:url';
import { type BenchOptions, parseBenchArguments, type Study, USAGE } from './traces/arguments.js';
import { studyBoundary } from './traces/studies/boundary.js';
import { studyCost } from './traces/studies/cost.js';
import { studyEfficiency } from './traces/studies/efficiency.js';
import { studyHints, studyPolicy } from './traces/studies/extension.js';
import { studyFaults } from './traces/studies/faults.js';
import { studyLooks } from './traces/studies/looks.js';

const RUN: Readonly<Record<Study, (options: BenchOptions) => string>> = {
  looks: studyLooks,
  hints: studyHints,
  policy: studyPolicy,
  boundary: studyBoundary,
  efficiency: studyEfficiency,
  faults: studyFaults,
  cost: studyCost,
};

function main(args: readonly string[]): void {
  const options = parseBenchArguments(args);
  console.log(options === null ? USAGE : RUN[options.study](options));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 4;
  }
}
