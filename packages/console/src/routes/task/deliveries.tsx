/** What webhooks were told of the task. */
import { Empty } from '../../components/conditions.js';
import { texts } from '../../texts.js';
import { DeliveryList } from '../deliveries/delivery-list.js';

export function Deliveries({ taskId }: { readonly taskId: string }) {
  return <DeliveryList filters={{ taskId }} empty={<Empty title={texts.deliveries.noneOfTask} />} />;
}
