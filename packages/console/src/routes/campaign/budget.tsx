/** How the budget is divided over the channels. */
import { Progress, Title } from '@mantine/core';
import { money, number, percent } from '../../formats.js';
import { campaignTexts } from '../../texts/campaign.js';
import type { DeskPiece } from './desk.js';
import type { PlannedBudget } from './piece-facts.js';

export function Budget({ pieces }: { readonly pieces: readonly DeskPiece[] }) {
  const lines = pieces.flatMap(({ id, name, facts }) =>
    facts?.budget === undefined ? [] : [{ id, name, budget: facts.budget }],
  );
  if (lines.length === 0) return null;
  const hasMoney = lines.some(({ budget }) => budget.amount !== undefined);
  const whole = lines.reduce((sum, { budget }) => sum + (budget.amount ?? 0), 0);
  return (
    <section className="panel" aria-label={campaignTexts.budget}>
      <Title order={2} px="md" py="sm">
        {campaignTexts.budget}
      </Title>
      <table className="budget">
        <thead>
          <tr>
            <th scope="col">{campaignTexts.channel}</th>
            <th scope="col">{campaignTexts.share}</th>
            {hasMoney ? <th scope="col">{campaignTexts.amount}</th> : null}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, name, budget }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>
                <div className="budget-share">
                  <Progress size="sm" value={budget.share * 100} aria-label={campaignTexts.shareOf(name)} />
                  <span className="numbers">{percent(budget.share, 1)}</span>
                </div>
              </td>
              {hasMoney ? <td className="numbers">{inCurrency(budget)}</td> : null}
            </tr>
          ))}
        </tbody>
        {hasMoney ? (
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {campaignTexts.total}
              </th>
              <td className="numbers">
                {inCurrency({ share: 1, amount: whole, currency: lines[0]?.budget.currency ?? '' })}
              </td>
            </tr>
          </tfoot>
        ) : null}
      </table>
      {hasMoney ? null : <p className="budget-hint">{campaignTexts.noBudget}</p>}
    </section>
  );
}

function inCurrency({ amount, currency }: PlannedBudget): string {
  if (amount === undefined) return '';
  // A currency of a brief is checked; one that is none must not break the page.
  if (!/^[A-Z]{3}$/.test(currency)) return number(amount);
  return money(amount, currency);
}
