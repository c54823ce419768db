/** What webhooks were told of the task. */
import { Empty } from '../../components/conditions.js';
import { deliveryTexts } from '../../texts/webhooks.js';
import { DeliveryList } from '../deliveries/delivery-list.js';

export function Deliveries({ taskId }: { readonly taskId: string }) {
  return <DeliveryList filters={{ taskId }} empty={<Empty title={deliveryTexts.noneOfTask} />} />;
}
