/** How a webhook fared in the last 24 hours: a bar for each hour, in one sentence for who can't see them, and the last failure. */
import { Text, Tooltip } from '@mantine/core';
import type { Webhook } from '@continuo/client';
import { cssOf } from '../../components/dot-label.js';
import { Ago, timeOf } from '../../components/time.js';
import { webhookTexts } from '../../texts/webhooks.js';
import { outcomeOf } from '../deliveries/attempt-view.js';

type Health = NonNullable<Webhook['health']>;

export function HealthStrip({ health }: { readonly health: Health }) {
  const { hours, complete, lastFailure } = health;
  const delivered = hours.reduce((sum, hour) => sum + hour.delivered, 0);
  const failed = hours.reduce((sum, hour) => sum + hour.failed, 0);
  const most = Math.max(1, ...hours.map((hour) => hour.delivered + hour.failed));
  const summary = webhookTexts.health({ delivered, failed, complete });
  return (
    <div className="health">
      <div className="health-strip" role="img" aria-label={summary}>
        {hours.map((hour) => (
          <Tooltip key={hour.at} label={webhookTexts.healthHour(timeOf(hour.at), hour)}>
            <span className="health-hour">
              <Bar share={hour.failed / most} colour="red.7" />
              <Bar share={hour.delivered / most} colour="teal.6" />
            </span>
          </Tooltip>
        ))}
      </div>
      <Text size="sm" c="dimmed" className="numbers" aria-hidden>
        {summary}
      </Text>
      {lastFailure === null ? null : (
        <Text size="sm" c="dimmed" className="any-line">
          {webhookTexts.lastFailure}: {lastFailure.error ?? outcomeOf(lastFailure.status)} (
          <Ago at={lastFailure.at} />)
        </Text>
      )}
    </div>
  );
}

function Bar({ share, colour }: { readonly share: number; readonly colour: string }) {
  return share === 0 ? null : <span style={{ background: cssOf(colour), height: `${Math.max(12, share * 100)}%` }} />;
}
