/** The application: its own modules, and Continuo with the agents and the console at /console/. */
import { ContinuoModule } from '@continuo/server';
import { Module } from '@nestjs/common';
import { RefundsAgent } from './agents/refunds.agent.js';
import { OrdersModule } from './orders/orders.module.js';

@Module({
  imports: [OrdersModule, ContinuoModule.forRoot({ agents: [RefundsAgent], console: true })],
})
export class AppModule {}
