/** The application: its own modules, and Continuo with the agents. */
import { ContinuoModule } from '@continuo/server';
import { Module } from '@nestjs/common';
import { RefundsAgent } from './agents/refunds.agent.js';
import { OrdersModule } from './orders/orders.module.js';

@Module({
  imports: [
    OrdersModule,
    // `imports`: the modules whose services the agents inject.
    ContinuoModule.forRoot({ agents: [RefundsAgent], imports: [OrdersModule], console: true }),
  ],
})
export class AppModule {}
