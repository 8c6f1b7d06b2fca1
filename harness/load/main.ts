import { messageOf } from '../core/errors.js';
import type { LoadCommand, LoadReport } from './protocol.js';

/**
 * The load process, forked by `launchLoad`. It takes `LoadCommand`s and gives `LoadReport`s over the IPC channel,
 * writes notes to stderr and nothing to stdout, and ends by itself when the channel closes: the rig is gone then.
 * SIGINT is the rig's to handle; SIGTERM ends this process as it ends any other.
 */

/** How long a last report may take to leave before the process ends without it. */
const FLUSH_MS = 1000;

let failing = false;

/** Reports an error of ours and ends the process once the report has left; only the first one counts. */
function fail(error: unknown): void {
  if (failing) return;
  failing = true;
  process.exitCode = 1;
  const message = messageOf(error);
  process.stderr.write(`load: ${error instanceof Error ? (error.stack ?? message) : message}\n`);
  setTimeout(() => process.exit(), FLUSH_MS);
  send({ kind: 'failed', message }, () => process.exit());
}

function send(report: LoadReport, onSent: () => void): void {
  if (process.send === undefined || !process.connected) onSent();
  else process.send(report, onSent);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

if (process.send === undefined) {
  process.stderr.write('load: this is a part of leak-soak; start it with `leak-soak run`\n');
  process.exit(4);
}

// Loaded behind the handlers above, so that even a module that cannot be evaluated is reported.
const session = import('./load-session.js').then(({ createLoadSession }) =>
  createLoadSession({
    report: (report) => send(report, () => undefined),
    log: (line) => process.stderr.write(`load: ${line}\n`),
    fail,
  }),
);
session.catch(fail);
process.on('message', (command) => {
  session.then(({ handle }) => handle(command as LoadCommand)).catch(fail);
});
