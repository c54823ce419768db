/** The program: a Nest application with Continuo in it. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';

const app = await NestFactory.create<NestExpressApplication>(AppModule);
// Messages may carry files; Nest's own limit is 100 kB.
app.useBodyParser('json', { limit: '10mb' });
// SIGTERM and Ctrl-C hand running tasks over, to be taken up at the next start.
app.enableShutdownHooks();
// `||`: what is empty counts as not set, as for Continuo. An empty address would be every address of this machine.
await app.listen(process.env['PORT'] || 4000, process.env['HOST'] || '127.0.0.1');
