/** Classes of which Nest can't know what they inject stop the start with the reason, and all others are made as ever. Decorators are called here: so no compiler adds metadata. */
import 'reflect-metadata';
import { Inject, Injectable, Module, Optional, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, ContinuoModule, startServer, type ContinuoOptions } from '../../src/index.js';

class Orders {
  readonly what = 'orders';
}
class Mails {
  readonly what = 'mails';
}

abstract class TestAgent extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    return 'done';
  }
}

function agent<Agent extends Type<TestAgent>>(type: Agent): Agent {
  A2AAgent({ type: 'test', name: 'injecting', description: 'Injects.' })(type);
  return type;
}

/** What TypeScript emits with emitDecoratorMetadata. */
function withTypes<Class extends Type>(type: Class, ...types: readonly unknown[]): Class {
  Injectable()(type);
  Reflect.defineMetadata('design:paramtypes', types, type);
  return type;
}

class Taking extends TestAgent {
  constructor(
    readonly orders: Orders,
    readonly mails?: Mails,
  ) {
    super();
  }
}
/** Each anew, as decorators mark the class. */
const taking = () =>
  agent(
    class extends TestAgent {
      constructor(
        readonly orders: Orders,
        readonly mails?: Mails,
      ) {
        super();
      }
    },
  );
const named = (type: Type<TestAgent>, ...at: readonly number[]) => {
  for (const index of at) Inject([Orders, Mails][index])(type, undefined, index);
  return type;
};

const env = { CONTINUO_LOG_LEVEL: 'silent', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
const providers: readonly Provider[] = [Orders, Mails];

/** The instance that Nest has made, before anything is opened. */
async function madeOf(type: Type, options: Partial<ContinuoOptions> = {}): Promise<object> {
  const agents = [type as Type<TestAgent>];
  const module = ContinuoModule.forRoot({ agents, providers, env, ...options });
  const app = await NestFactory.create(module, { logger: false, abortOnError: false });
  return app.get<object>(type, { strict: false });
}

const refused: readonly (readonly [string, () => Type, string])[] = [
  ['an agent without metadata', taking, 'parameter 1 of its constructor'],
  ['one that names the first parameter alone', () => named(taking(), 0), 'parameter 2 of its constructor'],
  ['one that names the second alone', () => named(taking(), 1), 'parameter 1 of its constructor'],
  [
    '@Inject() that names nothing',
    () => {
      const type = named(taking(), 1);
      Inject()(type, undefined, 0);
      return type;
    },
    'parameter 1 of its constructor',
  ],
  [
    'an agent that inherits such a constructor',
    () => agent(class extends taking() {}),
    'the constructor that it inherits from',
  ],
  [
    'one that inherits it from a class without a decorator',
    () => agent(class extends Taking {}),
    'decorate Taking with @Injectable()',
  ],
  [
    'a constructor of its own below a base that has metadata',
    () =>
      agent(
        class extends withTypes(taking(), Orders, Mails) {
          constructor(mails: Mails, orders: Orders) {
            super(orders, mails);
          }
        },
      ),
    'parameter 1 of its constructor',
  ],
  [
    'a property that @Inject() injects',
    () => {
      class WithProperty extends TestAgent {}
      Inject()(WithProperty.prototype, 'orders');
      return agent(WithProperty);
    },
    'its property orders',
  ],
];

it.each(refused)('refuses %s', (_what, make, said) => {
  const agents = [make() as Type<TestAgent>];
  const start = () => ContinuoModule.forRoot({ agents, providers, env });
  expect(start).toThrow(said);
  expect(start).toThrow(expect.objectContaining({ code: 'METADATA_MISSING' }));
  expect(start).toThrow(/emitDecoratorMetadata.*`continuo dev`.*@Inject\(OrdersService\)/);
});

const made: readonly (readonly [string, () => Type, object])[] = [
  ['metadata', () => withTypes(taking(), Orders, Mails), { orders: expect.any(Orders), mails: expect.any(Mails) }],
  ['@Inject at each', () => named(taking(), 0, 1), { orders: expect.any(Orders), mails: expect.any(Mails) }],
  [
    'metadata of the base whose constructor it inherits',
    () => {
      const base = withTypes(taking(), Orders, Mails);
      return agent(class extends base {});
    },
    { orders: expect.any(Orders), mails: expect.any(Mails) },
  ],
  [
    '@Inject of the base whose constructor it inherits, two classes up',
    () => {
      const base = named(taking(), 0, 1);
      return agent(class extends class extends base {} {});
    },
    { orders: expect.any(Orders), mails: expect.any(Mails) },
  ],
  [
    '@Optional where nothing is named',
    () => {
      const type = named(taking(), 0);
      Optional()(type, undefined, 1);
      return type;
    },
    { orders: expect.any(Orders), mails: undefined },
  ],
  ['no constructor', () => agent(class extends TestAgent {}), {}],
  [
    'a constructor without parameters below one that has some',
    () =>
      agent(
        class extends Taking {
          constructor() {
            super(new Orders());
          }
        },
      ),
    { orders: expect.any(Orders) },
  ],
  [
    'defaults',
    () =>
      agent(
        class extends Taking {
          constructor(orders: Orders = new Orders()) {
            super(orders);
          }
        },
      ),
    { orders: expect.any(Orders) },
  ],
  [
    'a rest of parameters',
    () =>
      agent(
        class extends Taking {
          constructor(...given: readonly Orders[]) {
            super(given[0] ?? new Orders());
          }
        },
      ),
    { orders: expect.any(Orders) },
  ],
  [
    'a property that names what is injected',
    () => {
      class WithProperty extends TestAgent {
        declare readonly orders: Orders;
      }
      Inject(Orders)(WithProperty.prototype, 'orders');
      return agent(WithProperty);
    },
    { orders: expect.any(Orders) },
  ],
];

it.each(made)('makes a class with %s', async (_what, make, expected) => {
  expect(await madeOf(make())).toMatchObject(expected);
});

class Service {
  constructor(readonly orders: Orders) {}
}

const plain = agent(class extends TestAgent {});

it('looks at the other classes that Nest makes for Continuo, and at none that it does not make', async () => {
  const before = { env, agents: [plain] };
  const say = 'Service: nothing says what to inject as parameter 1';
  expect(() => ContinuoModule.forRoot({ ...before, providers: [Orders, Service] })).toThrow(say);
  const useClass = { provide: 'service', useClass: Service };
  expect(() => ContinuoModule.forRoot({ ...before, providers: [Orders, useClass] })).toThrow(say);
  const others = [
    Orders,
    { provide: 'alias', useExisting: Orders },
    { provide: 'made', inject: [Orders], useFactory: (orders: Orders) => new Service(orders) },
    { provide: 'value', useValue: new Service(new Orders()) },
    { provide: 'class', useValue: Service },
  ];
  expect(await madeOf(plain, { providers: others })).toBeInstanceOf(plain);
});

it('refuses in forRootAsync what is named beside the factory, what the factory names, and a factory that is such a class', async () => {
  const useFactory = () => ({ env });
  const say = /nothing says what to inject as parameter 1/;
  expect(() => ContinuoModule.forRootAsync({ agents: [taking()], useFactory })).toThrow(say);
  class Options {
    constructor(readonly orders: Orders) {}
    createContinuoOptions() {
      return { env, agents: [plain] };
    }
  }
  expect(() => ContinuoModule.forRootAsync({ providers: [Orders], useClass: Options })).toThrow(`Options: nothing`);
  const late = ContinuoModule.forRootAsync({ useFactory: () => ({ env, agents: [taking()] }) });
  await expect(NestFactory.create(late, { logger: false, abortOnError: false })).rejects.toThrow(say);
});

it('refuses in startServer agents, providers, and what modules provide that are imported, before anything is opened', async () => {
  const start = (options: Partial<ContinuoOptions>) =>
    startServer({ agents: [plain], env: { ...env, PORT: '0' }, ...options });
  await expect(start({ agents: [taking()] })).rejects.toMatchObject({ code: 'METADATA_MISSING' });
  await expect(start({ providers: [Orders, Service] })).rejects.toThrow('Service: nothing says');
  class Bare {
    readonly name = 'bare';
  }
  class Inner {
    readonly name = 'inner';
  }
  Module({ providers: [Orders, Service], exports: [Service] })(Inner);
  class Outer {
    readonly name = 'outer';
  }
  Module({ imports: [Inner] })(Outer);
  await expect(start({ imports: [Outer] })).rejects.toThrow('Service: nothing says');
  await expect(start({ imports: [{ module: Bare, providers: [Orders, Service] }] })).rejects.toThrow(
    'Service: nothing',
  );
});
