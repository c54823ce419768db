/** `/orders`: the application's own endpoints, beside those of Continuo. */
import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { OrdersService, type Order } from './orders.service.js';

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get()
  all(): readonly Order[] {
    return this.orders.all();
  }

  @Get(':id')
  one(@Param('id') id: string): Order {
    const order = this.orders.find(id);
    if (order === undefined) throw new NotFoundException(`There is no order ${id}.`);
    return order;
  }
}
