/** Global guards of an application let nobody in to Continuo's endpoints whom they would keep out of its own. */
import type { CanActivate } from '@nestjs/common';
import { ApplicationConfig, type ModuleRef } from '@nestjs/core';
import type { Request, Response } from 'express';
import { from, of } from 'rxjs';
import { expect, it } from 'vitest';
import { GlobalGuards } from '../../src/nest/global-guards.js';

const admitted = async (...guards: readonly CanActivate[]): Promise<boolean> => {
  const application = new ApplicationConfig();
  application.useGlobalGuards(...guards);
  const asked = new GlobalGuards(application, {} as ModuleRef, GlobalGuards).admit({} as Request, {} as Response);
  return asked.then(
    () => true,
    () => false,
  );
};

const saying = (answer: ReturnType<CanActivate['canActivate']>): CanActivate => ({ canActivate: () => answer });

it.each([
  ['yes', of(true), true],
  ['no', of(false), false],
  ['yes, then no', from([true, false]), false],
  ['no, then yes', from([false, true]), true],
  ['nothing', from([]), false],
] as const)('a guard that says %s', async (_, answer, expected) => {
  expect(await admitted(saying(answer))).toBe(expected);
});

it('each of several is asked', async () => {
  expect(await admitted(saying(true), saying(Promise.resolve(false)))).toBe(false);
});
