/** Orders and their refunds. They are in memory, to be looked at: put your database or API here. */
import { Injectable } from '@nestjs/common';

export interface Order {
  readonly id: string;
  readonly item: string;
  readonly amount: number;
  readonly refunded: boolean;
}

@Injectable()
export class OrdersService {
  readonly #orders = new Map<string, Order>([
    ['A-1001', { id: 'A-1001', item: 'Teapot', amount: 40, refunded: false }],
    ['A-1002', { id: 'A-1002', item: 'Lamp', amount: 120, refunded: false }],
  ]);

  all(): readonly Order[] {
    return [...this.#orders.values()];
  }

  find(id: string): Order | undefined {
    return this.#orders.get(id);
  }

  /** Twice is as good as once, so that it may be repeated after a crash. */
  refund(id: string): void {
    const order = this.find(id);
    if (order === undefined) throw new Error(`There is no order ${id}.`);
    this.#orders.set(id, { ...order, refunded: true });
  }
}
