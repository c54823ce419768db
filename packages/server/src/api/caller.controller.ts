/** `/caller` and `/sign-in-options`: who asks, and how people who are not known yet sign in to the console. */
import { Inject } from '@nestjs/common';
import type { Request } from 'express';
import { LANGUAGE_MODEL, type LanguageModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { offlineModel } from '@continuo/agent/internal/agents/models/offline-model.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import { principalOf } from '../auth/principal.js';
import type { Caller, Scope } from '../platform/caller.js';
import type { AuthScheme } from '../platform/config-variables.js';
import type { Config } from '../platform/config.js';
import { CallerWith } from './caller.js';
import { ApiController, Get, Req } from './route-decorators.js';

export interface CallerInfo extends Caller {
  readonly scopes: readonly Scope[];
  /** There is no authentication: everybody on this machine is this caller. */
  readonly local: boolean;
  /** A language model is configured; without one, agents answer with an offline placeholder. Not which one it is. */
  readonly languageModel: boolean;
}

export interface SignInOptions {
  readonly schemes: readonly AuthScheme[];
  /** Where the console gets tokens, as a public client with PKCE. */
  readonly openIdConnect?: {
    readonly issuer: string;
    readonly clientId: string;
    readonly scope: string;
    readonly audience: string;
  };
}

@ApiController()
export class CallerController {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'auth' | 'consoleSignIn'>,
    @Inject(LANGUAGE_MODEL) private readonly model: LanguageModel,
  ) {}

  @Get('caller')
  caller(@CallerWith('read') caller: Caller, @Req() request: Request): CallerInfo {
    const { scopes, local = false } = principalOf(request);
    return { ...caller, scopes, local, languageModel: this.model !== offlineModel };
  }

  /** For everybody: it says nothing that is secret. */
  @Get('sign-in-options')
  options(): SignInOptions {
    const { auth: schemes, consoleSignIn } = this.config;
    return { schemes, ...(consoleSignIn === undefined ? {} : { openIdConnect: consoleSignIn }) };
  }
}
