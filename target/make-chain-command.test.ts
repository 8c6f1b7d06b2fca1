import { expect, it } from 'vitest';
import { decodeBlock } from './chain/block-codec.js';
import { parseConfig } from './config.js';
import { chainFolder, openChain, SILENT } from './fixtures/chain.js';
import { type MakeChainArguments, makeChainCommand } from './make-chain-command.js';

async function run(args: MakeChainArguments, toml: string | null = null): Promise<string[]> {
  const lines: string[] = [];
  const config = toml === null ? null : parseConfig(toml, 'test').config;
  await makeChainCommand(args, config, { write: (line) => void lines.push(line), log: SILENT });
  return lines;
}

it('prints blocks in network form, the same ones for the same seed and start', async () => {
  const args = { blocks: '3', seed: 'a', start: '1700000000', padding: '10' };
  const lines = await run(args);
  const read = lines.map((line) => JSON.parse(line));
  const blocks = read.map(({ block }) => decodeBlock(Buffer.from(block, 'hex')));
  expect(blocks.map(({ index, hash }) => ({ index, hash }))).toEqual(
    read.map(({ index, hash }) => ({ index, hash })),
  );
  expect(blocks[2]?.transaction?.data).toContain('x'.repeat(10));
  expect(await run(args)).toEqual(lines);
  expect(await run({ ...args, seed: 'b' })).not.toEqual(lines);
});

it('adds to the configured chain, as often as it is asked to', async () => {
  const folder = chainFolder();
  const toml = `[chain]\nfolder = "${folder}"\ndifficulty = 4`;
  await run({ blocks: '5' }, toml);
  const [line = ''] = await run({ blocks: '4' }, toml);
  const chain = await openChain([], { folder }, () => Math.floor(Date.now() / 1000));
  expect(JSON.parse(line)).toEqual({ height: 9, tip: chain.tip?.hash, origin: chain.read(1)?.hash });
  await chain.close();
});

it.each([
  [{}, '--blocks is missing: expected a whole number from 1'],
  [{ blocks: '0' }, '--blocks 0: expected'],
  [{ blocks: '1', padding: 'x' }, '--padding x: expected'],
])('refuses %j', async (args, message) => {
  await expect(run(args)).rejects.toThrow(message);
});
