import { describe, expect, it } from 'vitest';
import { checkPlan } from './check-plan.js';
import { burst, churn, exchange, sync } from './peer/fixtures/peer-plans.js';

describe('a plan for peers', () => {
  it('that can be followed passes', () => {
    for (const plan of [burst(), exchange(), churn(), sync()]) expect(() => checkPlan(plan)).not.toThrow();
  });

  it.each([
    [burst({ connections: 0 }), /connections is 0/],
    [burst({ depth: 0 }), /depth is 0/],
    [burst({ chain: { blocks: 1, difficulty: 1, seed: 1 } }), /chain\.blocks is 1/],
    [sync({ chain: { blocks: 10, difficulty: 40, seed: 1 } }), /chain\.difficulty is 40/],
    [sync({ loss: 1.5 }), /loss is 1\.5/],
    [sync({ peers: Number.NaN }), /peers is NaN/],
    [sync({ delayMs: -1 }), /delayMs is -1/],
    [exchange({ addressesPerFrame: 4000 }), /addressesPerFrame is 4000/],
    [churn({ sources: 0 }), /sources is 0/],
    [churn({ staySources: 2 ** 16 }), /staySources is 65536/],
    [churn({ maxConnections: 0 }), /maxConnections is 0/],
    [burst({ ratePerSec: 0 }), /ratePerSec is 0/],
  ] as const)('%# with a number that it cannot have is refused by name', (plan, message) => {
    expect(() => checkPlan(plan)).toThrow(message);
  });
});
