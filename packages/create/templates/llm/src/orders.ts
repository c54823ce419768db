/** The orders of the shop. They are in memory, to be looked at: put your database or API here. */
import { Injectable } from '@nestjs/common';

export interface Order {
  readonly id: string;
  readonly item: string;
  readonly status: 'packed' | 'sent' | 'cancelled';
}

@Injectable()
export class Orders {
  readonly #orders = new Map<string, Order>([
    ['A-1001', { id: 'A-1001', item: 'Teapot', status: 'sent' }],
    ['A-1002', { id: 'A-1002', item: 'Lamp', status: 'packed' }],
  ]);

  find(id: string): Order | undefined {
    return this.#orders.get(id.toUpperCase());
  }

  /** What is sent already can't be cancelled. */
  cancel(id: string): Order {
    const order = this.find(id);
    if (order === undefined) throw new Error(`There is no order ${id}.`);
    if (order.status === 'sent') throw new Error(`${order.id} is on its way already.`);
    const cancelled: Order = { ...order, status: 'cancelled' };
    this.#orders.set(order.id, cancelled);
    return cancelled;
  }
}
