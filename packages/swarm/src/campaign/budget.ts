/** Divides the budget over the channels, to the cent. */
import type { ChannelId } from '../channels/channels.js';

export interface BudgetLine {
  readonly channel: ChannelId;
  /** Of the whole, from 0 to 1. */
  readonly share: number;
  /** In the budget's currency; the lines add up to the budget. Null where the brief names no budget. */
  readonly amount: number | null;
}

/** By the weights of the plan; what rounding leaves goes to the lines that lost most by it. */
export function divideBudget(
  plan: readonly { readonly channel: ChannelId; readonly budgetWeight: number }[],
  total: number | undefined,
): readonly BudgetLine[] {
  const sum = plan.reduce((all, { budgetWeight }) => all + budgetWeight, 0);
  const shares = plan.map(({ budgetWeight }) => (sum === 0 ? 1 / plan.length : budgetWeight / sum));
  const cents = total === undefined ? undefined : divideWhole(Math.round(total * 100), shares);
  return plan.map(({ channel }, index) => ({
    channel,
    share: Math.round((shares[index] ?? 0) * 10_000) / 10_000,
    amount: cents === undefined ? null : (cents[index] ?? 0) / 100,
  }));
}

function divideWhole(whole: number, shares: readonly number[]): readonly number[] {
  const exact = shares.map((share) => share * whole);
  const parts = exact.map(Math.floor);
  const left = whole - parts.reduce((all, part) => all + part, 0);
  const byLoss = exact
    .map((value, index) => ({ index, lost: value - Math.floor(value) }))
    .toSorted((one, other) => other.lost - one.lost || one.index - other.index);
  for (const { index } of byLoss.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
